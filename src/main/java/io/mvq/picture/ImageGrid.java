package io.mvq.picture;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/** Writes tensors of images in [-1, 1] as PNG files, each whole or not at all. */
public final class ImageGrid {
  private ImageGrid() {}

  private static final int GAP = 2;

  /** A grid in reading order without captions. */
  public static void write(Path file, Tensor images, int columns) throws IOException {
    write(file, images, columns, List.of());
  }

  /**
   * A grid in reading order.
   *
   * @param images (n, c, h, w), c 1 or 3; values beyond [-1, 1] are clipped, NaN is black
   * @param captions one a row, drawn left of it as wide as it is; none or as many as rows; an empty
   *     one leaves its place white
   */
  public static void write(Path file, Tensor images, int columns, List<String> captions)
      throws IOException {
    Pictures.save(file, picture(images, columns, captions));
  }

  /** The same grid in memory. */
  public static BufferedImage picture(Tensor images, int columns, List<String> captions) {
    long[] shape = shape(images);
    if (columns < 1) {
      throw new IllegalArgumentException("columns must be at least 1, got " + columns);
    }
    int n = (int) shape[0];
    int rows = (n + columns - 1) / columns;
    if (!captions.isEmpty() && captions.size() != rows) {
      throw new IllegalArgumentException(
          "captions must be none or one a row, " + rows + ", got " + captions.size());
    }
    int h = (int) shape[2];
    int w = (int) shape[3];
    Captions beside = captions.isEmpty() ? Captions.NONE : Captions.of(captions);
    int left = beside.width();
    int high = Math.max(h, beside.height());
    BufferedImage grid =
        new BufferedImage(
            left + columns * (w + GAP) - GAP,
            rows * (high + GAP) - GAP,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = grid.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, grid.getWidth(), grid.getHeight());
    beside.draw(canvas, high, GAP);
    canvas.dispose();
    float[] values = Tensors.floats(images);
    for (int i = 0; i < n; i++) {
      int x = left + i % columns * (w + GAP);
      int y = i / columns * (high + GAP);
      draw(grid, x, y, values, i, (int) shape[1], h, w);
    }
    return grid;
  }

  /** One image, (c, h, w). */
  public static void writeOne(Path file, Tensor image) throws IOException {
    Shapes.require(image, "image", Shapes.ANY, Shapes.ANY, Shapes.ANY);
    write(file, image.unsqueeze(0), 1);
  }

  /** Each of the images, (n, c, h, w), c 1 or 3, as a picture of its own, in RGB. */
  public static List<BufferedImage> pictures(Tensor images) {
    long[] shape = shape(images);
    int h = (int) shape[2];
    int w = (int) shape[3];
    float[] values = Tensors.floats(images);
    List<BufferedImage> pictures = new ArrayList<>();
    for (int i = 0; i < shape[0]; i++) {
      BufferedImage picture = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
      draw(picture, 0, 0, values, i, (int) shape[1], h, w);
      pictures.add(picture);
    }
    return pictures;
  }

  /** Each of the images, (n, c, h, w), as a file of its own: 00000.png, 00001.png, ... */
  public static void writeEach(Path folder, Tensor images) throws IOException {
    Files.createDirectories(folder);
    List<BufferedImage> pictures = pictures(images);
    for (int i = 0; i < pictures.size(); i++) {
      Pictures.save(folder.resolve(String.format(Locale.ROOT, "%05d.png", i)), pictures.get(i));
    }
  }

  /** Each of the images, (n, c, h, w), as the bytes of a PNG file of its own. */
  public static List<byte[]> pngs(Tensor images) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (BufferedImage picture : pictures(images)) {
      files.add(Pictures.png(picture));
    }
    return files;
  }

  private static long[] shape(Tensor images) {
    long[] shape = Shapes.of(images, "images");
    if (shape.length != 4 || shape[0] < 1 || (shape[1] != 1 && shape[1] != 3)) {
      throw new IllegalArgumentException(
          "images must have shape (n, 1 or 3, h, w) with n at least 1, got " + Shapes.text(shape));
    }
    return shape;
  }

  private static void draw(
      BufferedImage grid, int left, int top, float[] values, int image, int c, int h, int w) {
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int rgb = 0;
        for (int k = 0; k < 3; k++) {
          float value = values[((image * c + (c == 1 ? 0 : k)) * h + y) * w + x];
          rgb = rgb << 8 | Math.max(0, Math.min(255, Math.round((value + 1) * 127.5f)));
        }
        grid.setRGB(left + x, top + y, rgb);
      }
    }
  }
}
