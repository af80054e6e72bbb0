package io.mvq.data.format;

import java.awt.color.ICC_Profile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The container of a WebP file: RIFF chunks of a name of four letters, a length and a content. */
final class Webp {
  private Webp() {}

  private static final int FIRST_CHUNK = 12;
  private static final int HAS_PROFILE = 0x20;

  /** Whether it begins as a WebP file does. */
  static boolean isWebp(byte[] bytes) {
    return bytes.length >= FIRST_CHUNK
        && name(bytes, 0).equals("RIFF")
        && name(bytes, 8).equals("WEBP");
  }

  /**
   * The same file, but with a colour profile that cannot be used passed over, as Java's readers of
   * PNG and JPEG do; the WebP reader would fail.
   */
  static byte[] withoutBadProfile(byte[] bytes) {
    int profile = find(bytes, "ICCP");
    if (profile < 0 || isUsable(content(bytes, profile))) {
      return bytes;
    }
    byte[] out = bytes.clone();
    System.arraycopy("junk".getBytes(StandardCharsets.US_ASCII), 0, out, profile, 4);
    int extended = find(bytes, "VP8X");
    if (extended >= 0 && extended + 8 < out.length) {
      out[extended + 8] &= ~HAS_PROFILE;
    }
    return out;
  }

  /** The content of the first chunk of a name, as far as the file goes; null if there is none. */
  static byte[] chunk(byte[] bytes, String name) {
    int at = find(bytes, name);
    return at < 0 ? null : content(bytes, at);
  }

  private static boolean isUsable(byte[] profile) {
    try {
      ICC_Profile read = ICC_Profile.getInstance(profile);
      new java.awt.color.ICC_ColorSpace(read).toRGB(new float[read.getNumComponents()]);
      return read.getNumComponents() == 3;
    } catch (RuntimeException e) {
      return false; // IllegalArgumentException, CMMException, or an index out of its bounds
    }
  }

  private static int find(byte[] bytes, String name) {
    long at = FIRST_CHUNK;
    while (at + 8 <= bytes.length) {
      if (name(bytes, (int) at).equals(name)) {
        return (int) at;
      }
      long length = length(bytes, (int) at);
      at += 8 + length + length % 2;
    }
    return -1;
  }

  private static byte[] content(byte[] bytes, int at) {
    long end = Math.min(bytes.length, at + 8 + length(bytes, at));
    return Arrays.copyOfRange(bytes, at + 8, (int) end);
  }

  private static long length(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4) & 0xffffffffL;
  }

  private static String name(byte[] bytes, int at) {
    return new String(bytes, at, 4, StandardCharsets.US_ASCII);
  }
}
