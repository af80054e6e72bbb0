package io.mvq.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what a set holds, without reading its pixels. */
final class SetDigest {
  private final MessageDigest sha;

  private SetDigest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  static String of(ImageSource... sources) {
    SetDigest digest = new SetDigest();
    for (ImageSource source : sources) {
      digest.add(source);
    }
    return HexFormat.of().formatHex(digest.sha.digest());
  }

  private void add(ImageSource source) {
    add(source.size());
    add(source.classes().size());
    source.classes().forEach(this::add);
    for (int i = 0; i < source.size(); i++) {
      add(source.name(i));
      add(source.label(i));
      add(source.fileBytes(i));
    }
  }

  private void add(long number) {
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
  }

  /** With its length before it, so that no two lists of texts have the same bytes. */
  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    sha.update(bytes);
  }
}
