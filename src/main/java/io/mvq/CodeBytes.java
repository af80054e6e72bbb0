package io.mvq;

import io.mvq.run.Identity;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** The binary form of a {@link Code}, as {@link Code#toBytes} says. */
final class CodeBytes {
  private static final byte[] MAGIC = "MVC".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEAD = 12;
  private static final int CHECK = Integer.BYTES;

  private final byte[] bytes;
  private final int end;
  private int at = HEAD;

  private CodeBytes(byte[] bytes) {
    this.bytes = bytes;
    end = bytes.length - CHECK;
  }

  static byte[] write(Code code) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    out.write(VERSION);
    out.writeBytes(HexFormat.of().parseHex(code.model().digest()));
    int[] tokens = code.tokens();
    varint(out, tokens.length);
    for (int token : tokens) {
      varint(out, token);
    }
    varint(out, code.maskWidth());
    varint(out, code.winners());
    for (int winner = 0; winner < code.winners(); winner++) {
      byte[] bits = code.mask(winner).toByteArray(); // without the zeros at its end
      out.writeBytes(Arrays.copyOf(bits, bytesOf(code.maskWidth())));
    }
    byte[] all = out.toByteArray();
    return ByteBuffer.allocate(all.length + CHECK).put(all).putInt(crc(all, all.length)).array();
  }

  static Code read(byte[] bytes) {
    if (bytes.length < HEAD + CHECK || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, 3)) {
      throw bad("they do not begin with MVC, a version and a model's identity");
    }
    if (bytes[3] != VERSION) {
      throw bad("they have version " + (bytes[3] & 255) + ", this mvq reads " + VERSION);
    }
    if (ByteBuffer.wrap(bytes).getInt(bytes.length - CHECK) != crc(bytes, bytes.length - CHECK)) {
      throw bad("they are damaged: their CRC-32 is another");
    }
    return new CodeBytes(bytes).read();
  }

  private Code read() {
    String model = HexFormat.of().formatHex(bytes, MAGIC.length + 1, HEAD);
    int[] tokens = new int[count("tokens", end - at)]; // each takes a byte at least
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = varint("token " + i);
    }
    int width = count("bits a mask", Code.MOST);
    int winners = count("masks", Code.MOST);
    if (width == 0 && winners > 0) {
      throw bad("the masks have no bits");
    }
    if ((long) winners * bytesOf(width) > end - at) {
      throw bad("they end within the masks");
    }
    int words = Code.words(width);
    long[] masks = new long[winners * words];
    for (int winner = 0; winner < winners; winner++) {
      for (int i = 0; i < bytesOf(width); i++) {
        masks[winner * words + i / 8] |= (bytes[at++] & 255L) << (i % 8 * 8);
      }
    }
    if (at != end) {
      throw bad((end - at) + " bytes more than a code has");
    }
    return new Code(new Identity(model), tokens, width, masks);
  }

  private int count(String what, int most) {
    int count = varint("the number of " + what);
    if (count > Math.min(most, Code.MOST)) {
      throw bad(
          "the number of "
              + what
              + " must be at most "
              + Math.min(most, Code.MOST)
              + " here, got "
              + count);
    }
    return count;
  }

  private int varint(String what) {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (at >= end) {
        throw bad("they end within " + what);
      }
      int some = bytes[at++];
      value |= (some & 127L) << shift;
      if (some >= 0) {
        if (value > Integer.MAX_VALUE || (some == 0 && shift > 0)) {
          break;
        }
        return (int) value;
      }
    }
    throw bad(what + " is no varint of 0 to 2147483647 in as few bytes as can be");
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int left = value;
    while (left > 127) {
      out.write(left & 127 | 128);
      left >>>= 7;
    }
    out.write(left);
  }

  private static int bytesOf(int bits) {
    return (bits + Byte.SIZE - 1) / Byte.SIZE;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static IllegalArgumentException bad(String why) {
    return new IllegalArgumentException("these bytes are no code: " + why);
  }
}
