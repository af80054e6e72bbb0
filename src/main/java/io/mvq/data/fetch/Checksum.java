package io.mvq.data.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** SHA-256 of files. */
public final class Checksum {
  private Checksum() {}

  /** Throws unless the file has this SHA-256, in lower-case hexadecimal. */
  static void require(Path file, String sha256) throws IOException {
    String actual = sha256(file);
    if (!actual.equals(sha256)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: its SHA-256 must be %s, got %s; the download is damaged or was exchanged, and"
                  + " is not used",
              file.getFileName(),
              sha256,
              actual));
    }
  }

  public static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return sha256(in);
    }
  }

  /** Of a text in UTF-8. */
  public static String sha256(String text) throws IOException {
    return sha256(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String sha256(InputStream in) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
    byte[] some = new byte[1 << 16];
    for (int n = in.read(some); n >= 0; n = in.read(some)) {
      digest.update(some, 0, n);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
