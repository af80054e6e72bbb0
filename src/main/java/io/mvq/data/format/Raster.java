package io.mvq.data.format;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.util.Arrays;

/**
 * One image of any size, uint8, planar (channels, height, width), and its way to the size wanted.
 */
public record Raster(int channels, int height, int width, byte[] pixels) {

  /** An image as decoded: grey stays grey, all else becomes RGB; alpha is composited on white. */
  public static Raster of(BufferedImage image) {
    ColorModel colours = image.getColorModel();
    boolean grey = image.getRaster().getNumBands() <= 2 && colours.getNumColorComponents() == 1;
    int height = image.getHeight();
    int width = image.getWidth();
    Raster made =
        new Raster(grey ? 1 : 3, height, width, new byte[(grey ? 1 : 3) * height * width]);
    for (int y = 0; y < height; y++) {
      if (grey) {
        made.greyRow(image, y);
      } else {
        made.colourRow(image.getRGB(0, y, width, 1, null, 0, width), y);
      }
    }
    return made;
  }

  /** From interleaved (height, width, channels) bytes at {@code offset}. */
  public static Raster ofInterleaved(
      byte[] bytes, int offset, int channels, int height, int width) {
    byte[] planar = new byte[channels * height * width];
    for (int p = 0; p < height * width; p++) {
      for (int c = 0; c < channels; c++) {
        planar[c * height * width + p] = bytes[offset + p * channels + c];
      }
    }
    return new Raster(channels, height, width, planar);
  }

  /** A black border of this many pixels on each side. */
  public Raster padded(int border) {
    int w = width + 2 * border;
    int h = height + 2 * border;
    byte[] out = new byte[channels * h * w];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        int to = (c * h + y + border) * w + border;
        System.arraycopy(pixels, (c * height + y) * width, out, to, width);
      }
    }
    return new Raster(channels, h, w, out);
  }

  /** Grey to RGB by repeating, RGB to grey by the luma weights of ITU-R BT.601. */
  public Raster withChannels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    int plane = height * width;
    byte[] out = new byte[wanted * plane];
    for (int p = 0; p < plane; p++) {
      if (wanted == 3) {
        out[p] = pixels[p];
        out[plane + p] = pixels[p];
        out[2 * plane + p] = pixels[p];
      } else {
        int luma =
            299 * (pixels[p] & 255)
                + 587 * (pixels[plane + p] & 255)
                + 114 * (pixels[2 * plane + p] & 255);
        out[p] = (byte) ((luma + 500) / 1000);
      }
    }
    return new Raster(wanted, height, width, out);
  }

  /** Centre-crops to a square and averages areas down (or spreads them up) to side x side. */
  public Raster fitted(int side) {
    if (height == side && width == side) {
      return this;
    }
    int square = Math.min(height, width);
    return cropped((height - square) / 2, (width - square) / 2, square, square).resized(side, side);
  }

  /** A part of the image; it must lie within. */
  public Raster cropped(int top, int left, int h, int w) {
    if (h == height && w == width) {
      return this;
    }
    byte[] out = new byte[channels * h * w];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < h; y++) {
        int from = (c * height + top + y) * width + left;
        System.arraycopy(pixels, from, out, (c * h + y) * w, w);
      }
    }
    return new Raster(channels, h, w, out);
  }

  /**
   * Upright, from an EXIF orientation of 1 to 8: 2 is mirrored, 3 turned by half, 4 mirrored top to
   * bottom, 5 transposed, 6 to be turned clockwise, 7 transposed along the other diagonal, 8 to be
   * turned anticlockwise.
   */
  Raster turned(int orientation) {
    if (orientation <= 1) {
      return this;
    }
    boolean lying = orientation >= 5;
    boolean mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean upsideDown =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int h = lying ? width : height;
    int w = lying ? height : width;
    byte[] out = new byte[pixels.length];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          int row = lying ? x : y;
          int column = lying ? y : x;
          int fromY = upsideDown ? height - 1 - row : row;
          int fromX = mirrored ? width - 1 - column : column;
          out[(c * h + y) * w + x] = pixels[(c * height + fromY) * width + fromX];
        }
      }
    }
    return new Raster(channels, h, w, out);
  }

  /** Averages areas down (or spreads them up) to h x w. */
  public Raster resized(int h, int w) {
    byte[] out = new byte[channels * h * w];
    double[] rows = new double[h * width];
    for (int c = 0; c < channels; c++) {
      Arrays.fill(rows, 0);
      // Down the columns first, so that memory is read in order.
      for (int y = 0; y < h; y++) {
        double from = (double) y * height / h;
        double to = (double) (y + 1) * height / h;
        for (int s = (int) from; s < Math.min(height, Math.ceil(to)); s++) {
          double share = Math.min(to, s + 1.0) - Math.max(from, s);
          int start = (c * height + s) * width;
          for (int x = 0; x < width; x++) {
            rows[y * width + x] += share * (pixels[start + x] & 255);
          }
        }
      }
      double area = (double) height / h * width / w;
      for (int y = 0; y < h; y++) {
        averageRow(rows, y * width, width, area, out, (c * h + y) * w, w);
      }
    }
    return new Raster(channels, h, w, out);
  }

  private static void averageRow(
      double[] rows, int start, int wide, double area, byte[] out, int outStart, int w) {
    for (int x = 0; x < w; x++) {
      double from = (double) x * wide / w;
      double to = (double) (x + 1) * wide / w;
      double sum = 0;
      for (int s = (int) from; s < Math.min(wide, Math.ceil(to)); s++) {
        sum += (Math.min(to, s + 1.0) - Math.max(from, s)) * rows[start + s];
      }
      out[outStart + x] = (byte) Math.min(255, Math.round(sum / area));
    }
  }

  /** Reads samples, not getRGB, which would brighten grey images as if their values were linear. */
  private void greyRow(BufferedImage image, int y) {
    java.awt.image.Raster samples = image.getRaster();
    int[] bits = image.getColorModel().getComponentSize();
    int most = (1 << bits[0]) - 1;
    for (int x = 0; x < width; x++) {
      int value = (samples.getSample(x, y, 0) * 255 + most / 2) / most;
      int alpha = 255;
      if (bits.length > 1) {
        int opaque = (1 << bits[1]) - 1;
        alpha = (samples.getSample(x, y, 1) * 255 + opaque / 2) / opaque;
      }
      pixels[y * width + x] = onWhite(value, alpha);
    }
  }

  private void colourRow(int[] argb, int y) {
    for (int x = 0; x < width; x++) {
      int alpha = argb[x] >>> 24;
      for (int c = 0; c < 3; c++) {
        pixels[(c * height + y) * width + x] = onWhite(argb[x] >> (16 - 8 * c) & 255, alpha);
      }
    }
  }

  private static byte onWhite(int value, int alpha) {
    return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
