package io.mvq.data.set;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this repository holds below {@code data/}. */
final class Embedded {
  private Embedded() {}

  /** A file or folder of it, below -Dmvq.home or the working folder. */
  static Path file(String name) throws IOException {
    Path file = Path.of(System.getProperty("mvq.home", ""), "data", name);
    if (!Files.exists(file)) {
      throw new IOException(
          "no embedded set at "
              + file.toAbsolutePath()
              + "; run in the repository, or name it with -Dmvq.home=FOLDER");
    }
    return file;
  }
}
