package io.mvq.data.format;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The EXIF orientation of JPEG (segment APP1), PNG (chunk eXIf), WebP (chunk EXIF) and TIFF: how
 * the picture was held, 1 (upright) to 8.
 */
final class Exif {
  private Exif() {}

  private static final int UPRIGHT = 1;
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int MOST_ENTRIES = 1000;
  private static final byte[] JPEG_MARK = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  /** Of a whole file; 1 where there is none, or none that makes sense. */
  static int orientation(byte[] file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(file);
      if (Webp.isWebp(file)) {
        byte[] exif = Webp.chunk(file, "EXIF");
        return exif == null ? UPRIGHT : fromTiff(unmarked(exif));
      }
      if (ImageKind.isTiff(file)) {
        return fromTiff(file);
      }
      return (bytes.getShort(0) & 0xffff) == 0xffd8 ? fromJpeg(bytes) : fromPng(bytes);
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      return UPRIGHT; // cut short: the decoder will say so if pixels are missing
    }
  }

  private static int fromJpeg(ByteBuffer bytes) {
    int at = 2;
    while ((bytes.get(at) & 255) == 0xff) {
      int marker = bytes.get(at + 1) & 255;
      if (marker == 0xff) {
        at++; // a fill byte
        continue;
      }
      if (marker == 0xda || marker == 0xd9) {
        return UPRIGHT; // pixels begin
      }
      int length = bytes.getShort(at + 2) & 0xffff;
      byte[] content = slice(bytes, at + 4, length - 2);
      if (marker == 0xe1 && startsWithMark(content)) {
        return fromTiff(unmarked(content));
      }
      at += 2 + length;
    }
    return UPRIGHT;
  }

  private static int fromPng(ByteBuffer bytes) {
    if ((bytes.getInt(0)) != 0x89504e47) {
      return UPRIGHT; // GIF and BMP have none
    }
    long at = 8;
    while (at + 8 <= bytes.limit()) {
      int name = bytes.getInt((int) at + 4);
      long length = bytes.getInt((int) at) & 0xffffffffL;
      if (name == 0x65584966) { // eXIf
        return fromTiff(slice(bytes, (int) at + 8, length));
      }
      at += 12 + length;
    }
    return UPRIGHT;
  }

  private static int fromTiff(byte[] tiff) {
    ByteBuffer bytes = ByteBuffer.wrap(tiff);
    bytes.order(bytes.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int folder = bytes.getInt(4);
    int entries = Math.min(MOST_ENTRIES, bytes.getShort(folder) & 0xffff);
    for (int i = 0; i < entries; i++) {
      int at = folder + 2 + 12 * i;
      if ((bytes.getShort(at) & 0xffff) == ORIENTATION && bytes.getShort(at + 2) == SHORT) {
        int value = bytes.getShort(at + 8);
        return value >= 1 && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static byte[] slice(ByteBuffer bytes, int from, long length) {
    if (length < 0 || length > bytes.limit() - from) {
      throw new BufferUnderflowException();
    }
    byte[] slice = new byte[(int) length];
    bytes.get(from, slice);
    return slice;
  }

  private static byte[] unmarked(byte[] content) {
    return startsWithMark(content)
        ? Arrays.copyOfRange(content, JPEG_MARK.length, content.length)
        : content;
  }

  private static boolean startsWithMark(byte[] content) {
    return content.length >= JPEG_MARK.length
        && Arrays.equals(content, 0, JPEG_MARK.length, JPEG_MARK, 0, JPEG_MARK.length);
  }
}
