package io.mvq.data.set;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The images that come along: below {@code data/} of the repository, or in io.mvq:mvq-data. */
final class Embedded {
  private static final String ROOT = "io/mvq/data/embedded/";
  // A file system of a jar stays open for what is read of it later; a jar has one here.
  private static final Map<URI, FileSystem> JARS = new HashMap<>();

  private Embedded() {}

  /** A file or folder of it: below -Dmvq.home or the working folder, else on the class path. */
  static Path file(String name) throws IOException {
    Path file = Path.of(System.getProperty("mvq.home", ""), "data", name);
    if (Files.exists(file)) {
      return file;
    }
    URL packed = loader().getResource(ROOT + name);
    if (packed == null) {
      throw new IOException(
          "no embedded set at "
              + file.toAbsolutePath()
              + "; add io.mvq:mvq-data to the class path, run in the repository, or name it with"
              + " -Dmvq.home=FOLDER");
    }
    URLConnection connection = packed.openConnection();
    return connection instanceof JarURLConnection jar
        ? jar(URI.create(jar.getJarFileURL().toString())).getPath(ROOT + name)
        : Path.of(URI.create(packed.toString()));
  }

  private static FileSystem jar(URI place) throws IOException {
    synchronized (JARS) {
      FileSystem open = JARS.get(place);
      if (open == null) {
        open = FileSystems.newFileSystem(Path.of(place));
        JARS.put(place, open);
      }
      return open;
    }
  }

  private static ClassLoader loader() {
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    return own == null ? Embedded.class.getClassLoader() : own;
  }
}
