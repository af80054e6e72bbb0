package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.examples.search.Palette;
import io.mvq.examples.training.OwnImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of search and of training do what they say. */
class ExamplesTest {
  @TempDir Path home;

  @Test
  void eachPixelTakesTheNearestColour() throws IOException {
    int[] colours = {0x000000, 0xffffff, 0x802010, 0x2050c0};
    BufferedImage picture = TinyRun.picture(37, 21, 4);
    Path in = home.resolve("in.png");
    ImageIO.write(picture, "png", in.toFile());
    Path out = home.resolve("out.png");
    Palette.main(
        new String[] {in.toString(), out.toString(), "000000", "ffffff", "802010", "2050c0"});
    BufferedImage drawn = ImageIO.read(out.toFile());
    for (int p = 0; p < 37 * 21; p++) {
      int pixel = picture.getRGB(p % 37, p / 37);
      int best = 0;
      for (int c = 1; c < colours.length; c++) {
        best = apart(pixel, colours[c]) < apart(pixel, colours[best]) ? c : best;
      }
      assertThat(drawn.getRGB(p % 37, p / 37) & 0xffffff).isEqualTo(colours[best]);
    }
    assertThat(new Palette(1).applyTo(picture).getRGB(36, 20)).isEqualTo(0xff000001);
  }

  private static int apart(int a, int b) {
    int sum = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      int difference = (a >> shift & 255) - (b >> shift & 255);
      sum += difference * difference;
    }
    return sum;
  }

  @Test
  void trainingStopsWhenAskedAndGoesOnWhenCalledAgain() throws IOException {
    Path photos = TinyRun.photos(home.resolve("photos"));
    Path run = Files.createDirectories(home.resolve("run"));
    List<String> args = new ArrayList<>(List.of(photos.toString(), run.toString()));
    TinyRun.recipe(photos).flags().forEach((flag, value) -> args.add(flag + "=" + value));
    Path stop = Files.createFile(run.resolve("stop"));
    OwnImages.main(args.toArray(String[]::new));
    assertThat(run.resolve("prior")).doesNotExist();
    Files.delete(stop);
    OwnImages.main(args.toArray(String[]::new));
    try (Tokenizer trained = Tokenizer.load(run)) {
      assertThat(trained.sample(2, null, 1)).hasSize(2);
    }
  }
}
