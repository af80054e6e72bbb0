package io.mvq;

import io.mvq.recipe.Recipe;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** A run that is trained in a second, on pictures of two classes. */
final class TinyRun {
  private TinyRun() {}

  /** 60 pictures of 40 x 32, in {@code dark/} and {@code light/}. */
  static Path photos(Path folder) throws IOException {
    for (int i = 0; i < 60; i++) {
      Path place = Files.createDirectories(folder.resolve(i % 2 == 0 ? "dark" : "light"));
      ImageIO.write(picture(40, 32, i), "png", place.resolve(i + ".png").toFile());
    }
    return folder;
  }

  /** Coloured blocks and noise; the parity of the seed is the class. */
  static BufferedImage picture(int width, int height, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int colour = random.nextInt(0x404040) + (seed % 2 == 0 ? 0 : 0x808080);
    for (int p = 0; p < width * height; p++) {
      int block = p % width < width / 2 == p / width < height / 2 ? colour : 0x303030;
      picture.setRGB(p % width, p / width, block + random.nextInt(8));
    }
    return picture;
  }

  /** A small recipe on those pictures. @param more flags and their values, one after another */
  static Recipe recipe(Path photos, String... more) {
    Map<String, String> flags = new LinkedHashMap<>();
    put(flags, "data", photos.toString(), "side", "32", "width", "16", "codes", "6");
    put(flags, "code-width", "8", "mask-width", "70", "hypotheses", "16", "batch", "4");
    put(flags, "steps", "6", "warmup", "1", "prior-steps", "3", "prior-width", "16");
    put(flags, "prior-layers", "1", "prior-heads", "2", "draw-weight", "0");
    put(flags, more);
    return Recipe.ofApplicable(flags);
  }

  private static void put(Map<String, String> flags, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
  }

  /** Trains one. */
  static Path train(Path folder, Path photos, String... more) throws IOException {
    Training.begin(recipe(photos, more), folder).run();
    return folder;
  }
}
