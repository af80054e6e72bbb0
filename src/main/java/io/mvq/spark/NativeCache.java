package io.mvq.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.bytedeco.javacpp.Loader;

/**
 * The folder that JavaCPP unpacks native libraries into. Executors of one machine share it and
 * start together; two that unpack at the same time kill each other by SIGBUS. So one at a time
 * loads.
 */
final class NativeCache {
  static final String FOLDER = "org.bytedeco.javacpp.cachedir";

  private static final String MOST_MEMORY = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final String LOCK = "mvq-spark.lock";
  private static final Set<String> LOADED = new HashSet<>();

  private NativeCache() {}

  /**
   * Runs what loads a library, if it was not, while no other process of this machine does.
   *
   * @throws IllegalStateException if the folder's disk forbids to execute what lies there
   */
  static synchronized void load(String library, Runnable load) {
    if (LOADED.contains(library)) {
      return;
    }
    if (System.getProperty(MOST_MEMORY) == null) {
      // By itself JavaCPP gives up when the process takes twice its heap: models are outside of it.
      System.setProperty(MOST_MEMORY, "0");
    }
    try {
      Path folder = Loader.getCacheDir().toPath();
      requireExecutable(folder);
      try (FileChannel file =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.lock(); // until it is closed
        load.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LOADED.add(library);
  }

  private static void requireExecutable(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "mvq-", ".probe");
    try {
      boolean may = probe.toFile().setExecutable(true) && Files.isExecutable(probe);
      if (!may) {
        throw new IllegalStateException(
            String.format(
                "%s forbids to execute what lies there (mounted noexec?), and native libraries are"
                    + " unpacked into it; name another folder: --conf"
                    + " spark.executor.extraJavaOptions=-D%s=FOLDER",
                folder, FOLDER));
      }
    } finally {
      Files.delete(probe);
    }
  }
}
