package io.mvq.serve;

import io.mvq.Code;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * PNG files that hold the code of their picture: a chunk {@code tEXt} (PNG specification, section
 * 11.3.4.3) of the keyword {@code mvq-code}, the code's JSON, after the header.
 */
final class PngText {
  private static final byte[] SIGNATURE = {(byte) 137, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final String KEYWORD = "mvq-code\0";
  private static final int AFTER_HEADER = 8 + 25; // the signature, and IHDR: 12 + 13 bytes
  private static final int TEXT = 0x74455874; // "tEXt"
  private static final int DATA = 0x49444154; // "IDAT"

  private PngText() {}

  /**
   * @param code null for a picture that has none
   */
  static byte[] write(BufferedImage picture, Code code) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(picture, "png", stream);
    }
    byte[] png = out.toByteArray();
    if (code == null) {
      return png;
    }
    byte[] text = (KEYWORD + code.toJson()).getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer all = ByteBuffer.allocate(png.length + 12 + text.length);
    all.put(png, 0, AFTER_HEADER).putInt(text.length).putInt(TEXT).put(text);
    all.putInt(crc(all.array(), AFTER_HEADER + 4, 4 + text.length));
    return all.put(png, AFTER_HEADER, png.length - AFTER_HEADER).array();
  }

  /**
   * The code in a PNG; null if the file is no PNG or has none.
   *
   * @throws IllegalArgumentException if there is one that is damaged or cannot be
   */
  static Code read(byte[] file) {
    if (file.length < 8 || !Arrays.equals(file, 0, 8, SIGNATURE, 0, 8)) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(file).position(8);
    while (in.remaining() >= 12) {
      int length = in.getInt();
      int type = in.getInt();
      if (length < 0 || length > in.remaining() - 4 || type == DATA) {
        return null; // the decoder says what is wrong with it
      }
      int start = in.position();
      String text = new String(file, start, length, StandardCharsets.ISO_8859_1);
      if (type == TEXT && text.startsWith(KEYWORD)) {
        if (crc(file, start - 4, 4 + length) != in.getInt(start + length)) {
          throw new IllegalArgumentException("the code in this file is damaged");
        }
        return Code.ofJson(text.substring(KEYWORD.length()));
      }
      in.position(start + length + 4);
    }
    return null;
  }

  private static int crc(byte[] bytes, int from, int count) {
    CRC32 sum = new CRC32();
    sum.update(bytes, from, count);
    return (int) sum.getValue();
  }
}
