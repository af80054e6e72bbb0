package io.mvq.run;

import io.mvq.files.OutputFile;
import io.mvq.train.AtomicFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Models on the class path, by name. A jar that holds some has {@code io/mvq/pretrained/names}, a
 * name a line, and for each an export as {@code mvq export} makes it: {@code
 * io/mvq/pretrained/NAME/config.json} and {@code model.safetensors} beside it. Any number of jars
 * may hold some; of two models of a name the first on the class path is taken.
 */
public final class Pretrained {
  private static final String ROOT = "io/mvq/pretrained/";
  private static final String NAMES = ROOT + "names";
  private static final List<String> FILES = List.of(ExportConfig.FILE, Exported.WEIGHTS);
  private static final String NAME = "[a-z0-9][a-z0-9._-]{0,99}";
  private static final int MOST_BYTES = 1 << 20;

  private Pretrained() {}

  /** What is made of a model while its files are there. */
  @FunctionalInterface
  public interface Use<T> {
    T of(Run run) throws IOException;
  }

  /** The names that are on the class path, in order. */
  public static Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    for (URL list : loader().resources(NAMES).toList()) {
      try (InputStream in = list.openStream()) {
        String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        text.lines().filter(name -> name.matches(NAME)).forEach(names::add);
      }
    }
    return names;
  }

  /**
   * Makes something of a model, which lies in a temporary folder until then.
   *
   * @throws IllegalArgumentException if there is no such name, listing those there are
   */
  public static <T> T use(String name, Use<T> make) throws IOException {
    Set<String> names = names();
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          String.format(
              "no pretrained model \"%s\" is on the class path; %s",
              name,
              names.isEmpty()
                  ? "there is none: add an artifact that holds some, e.g. mvq-model-emoji"
                  : "there are: " + String.join(", ", names)));
    }
    Path folder = Files.createTempDirectory("mvq-pretrained-");
    try {
      for (String file : FILES) {
        copy(name, file, folder.resolve(file));
      }
      return make.of(new Run(folder));
    } finally {
      AtomicFolder.delete(folder);
    }
  }

  private static void copy(String name, String file, Path target) throws IOException {
    try (InputStream in = loader().getResourceAsStream(ROOT + name + "/" + file)) {
      if (in == null) {
        throw new IOException("the pretrained model " + name + " lacks its file " + file);
      }
      OutputFile.write(target, in::transferTo);
    }
  }

  /** The thread's own, by which servers tell one program from another; else this class's. */
  private static ClassLoader loader() {
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    return own == null ? Pretrained.class.getClassLoader() : own;
  }
}
