package io.mvq.run;

import io.mvq.data.Levels;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Raster;
import io.mvq.recipe.Data;
import io.mvq.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/** Pictures in memory as a model's images: as {@code ImageFolder} makes them of files. */
public final class PictureTensors {
  private static final int MOST_SAMPLE_BITS = 16;

  private PictureTensors() {}

  /**
   * A picture, centre-cropped to a square and scaled; grey becomes RGB or RGB grey where the model
   * wants it, alpha is composited on white.
   *
   * @param picture of 1 to 50 million pixels
   * @param name names it in errors
   * @param like side and channels of the image
   * @return float32 (1, channels, side, side) in -1..1, on the CPU
   */
  public static Tensor of(BufferedImage picture, String name, Data like) {
    return of(Raster.of(require(picture, name)), like);
  }

  /** The same of a picture that was read from a file. */
  public static Tensor of(Raster picture, Data like) {
    Raster fitted = picture.withChannels(like.channels()).fitted(like.side());
    return Tensors.of(Levels.of(fitted.pixels()), 1, like.channels(), like.side(), like.side());
  }

  private static BufferedImage require(BufferedImage picture, String name) {
    if (picture == null) {
      throw new IllegalArgumentException(name + " must be given, got null");
    }
    long most = ImageLimits.DEFAULT.pixels();
    if ((long) picture.getWidth() * picture.getHeight() > most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s must have at most %,d pixels, got %d x %d; scale it first",
              name,
              most,
              picture.getWidth(),
              picture.getHeight()));
    }
    int bits = picture.getColorModel().getComponentSize(0);
    if (bits > MOST_SAMPLE_BITS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s must have samples of at most %d bits, got %d; draw it into a TYPE_INT_RGB first",
              name,
              MOST_SAMPLE_BITS,
              bits));
    }
    return picture;
  }
}
