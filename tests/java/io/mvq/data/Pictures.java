package io.mvq.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Image files for tests, and what they give. */
public final class Pictures {
  private Pictures() {}

  /** A lossless WebP of 2 x 2 red pixels. */
  public static final byte[] RED_WEBP =
      Base64.getDecoder().decode("UklGRhwAAABXRUJQVlA4TA8AAAAvAUAAAAcQ/Y/+ByKi/wEA");

  /** Of one colour. */
  public static BufferedImage plain(int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, rgb);
    }
    return image;
  }

  /** 64 x 64, the same each time. */
  public static BufferedImage noise() {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int i = 0; i < 4096; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt() & 0xffffff);
    }
    return image;
  }

  /** As a file of a format, {@code png} or {@code jpeg}. */
  public static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  /** Writes by the file's ending; folders are made. */
  public static Path write(Path file, BufferedImage image) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(
        file, encoded(image, file.toString().toLowerCase().endsWith("png") ? "png" : "jpeg"));
  }

  /** An image of a source. */
  public static byte[] read(ImageSource source, int index) throws IOException {
    byte[] image = new byte[source.imageBytes()];
    source.read(index, image);
    return image;
  }

  /** EXIF that says nothing but an orientation, in either byte order. */
  public static byte[] exif(int orientation, ByteOrder order) {
    ByteBuffer tiff = ByteBuffer.allocate(26).order(order);
    tiff.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
    tiff.putShort((short) 42).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return tiff.array();
  }

  /** A JPEG with EXIF after its first two bytes. */
  public static byte[] jpegWith(byte[] jpeg, byte[] exif) {
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + 10 + exif.length);
    out.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) (exif.length + 8));
    out.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif);
    return out.put(jpeg, 2, jpeg.length - 2).array();
  }

  /** A PNG with EXIF after its header. */
  public static byte[] pngWith(byte[] png, byte[] exif) {
    ByteBuffer out = ByteBuffer.allocate(png.length + 12 + exif.length);
    byte[] named = ByteBuffer.allocate(4 + exif.length).putInt(0x65584966).put(exif).array();
    CRC32 crc = new CRC32();
    crc.update(named);
    out.put(png, 0, 33).putInt(exif.length).put(named).putInt((int) crc.getValue());
    return out.put(png, 33, png.length - 33).array();
  }

  /** The red WebP in the extended form, with a chunk before or after its pixels. */
  public static byte[] webpWith(String name, byte[] content, int flag, boolean before) {
    byte[] padded = new byte[content.length + content.length % 2];
    System.arraycopy(content, 0, padded, 0, content.length);
    ByteBuffer chunk = ByteBuffer.allocate(8 + padded.length).order(ByteOrder.LITTLE_ENDIAN);
    chunk.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(content.length).put(padded);
    int pixels = RED_WEBP.length - 12;
    ByteBuffer out =
        ByteBuffer.allocate(12 + 18 + chunk.capacity() + pixels).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(out.capacity() - 8);
    out.put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(flag);
    out.put(new byte[] {1, 0, 0, 1, 0, 0});
    if (before) {
      out.put(chunk.array());
    }
    out.put(RED_WEBP, 12, pixels);
    if (!before) {
      out.put(chunk.array());
    }
    return out.array();
  }
}
