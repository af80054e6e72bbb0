package io.mvq.examples.search;

import io.mvq.kernel.FloatMatrix;
import io.mvq.kernel.NearestCode;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** A few colours as a codebook: each pixel takes the nearest, ties the earlier one. */
public final class Palette {
  private final int[] colours;
  private final FloatMatrix codes;

  /** Of colours 0xRRGGBB. */
  public Palette(int... colours) {
    this.colours = colours.clone();
    codes = FloatMatrix.of(floats(colours), 3);
  }

  /** The picture in these colours. */
  public BufferedImage applyTo(BufferedImage picture) {
    int w = picture.getWidth();
    int h = picture.getHeight();
    int[] pixels = picture.getRGB(0, 0, w, h, null, 0, w);
    long[] nearest = NearestCode.search(FloatMatrix.of(floats(pixels), 3), codes).indices();
    int[] chosen = Arrays.stream(nearest).mapToInt(code -> colours[(int) code]).toArray();
    BufferedImage drawn = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    drawn.setRGB(0, 0, w, h, chosen, 0, w);
    return drawn;
  }

  /** (n, 3): red, green and blue of each. */
  private static float[] floats(int[] colours) {
    float[] floats = new float[3 * colours.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = colours[i / 3] >> (16 - 8 * (i % 3)) & 255;
    }
    return floats;
  }

  /** {@code Palette in.png out.png ff0000 00ff00 0000ff}. */
  public static void main(String[] args) throws IOException {
    int[] colours =
        Arrays.stream(args).skip(2).mapToInt(colour -> Integer.parseInt(colour, 16)).toArray();
    BufferedImage drawn = new Palette(colours).applyTo(ImageIO.read(new File(args[0])));
    ImageIO.write(drawn, "png", new File(args[1]));
  }
}
