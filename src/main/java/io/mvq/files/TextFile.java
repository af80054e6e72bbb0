package io.mvq.files;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a small text; an error names the file. */
public final class TextFile {
  /** Larger ones are refused unread. */
  private static final long MOST_BYTES = 1L << 26;

  private TextFile() {}

  /** The whole of a file in UTF-8. */
  public static String read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder, where a file is wanted");
    }
    try {
      long bytes = Files.size(file);
      if (bytes > MOST_BYTES) {
        throw new IOException(
            String.format(
                Locale.ROOT, "%s has %,d bytes, must have at most %,d", file, bytes, MOST_BYTES));
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is damaged: it is not UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    }
  }
}
