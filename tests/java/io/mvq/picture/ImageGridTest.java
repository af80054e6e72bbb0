package io.mvq.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {
  @TempDir Path folder;

  @Test
  void imagesAreInReadingOrderWithGaps() throws IOException {
    Path file = folder.resolve("new/grid.png");
    ImageGrid.write(file, Tensors.of(new float[] {-1, 0, 1}, 3, 1, 1, 1), 2);
    BufferedImage grid = ImageIO.read(file.toFile());
    assertThat(grid.getWidth()).isEqualTo(4);
    assertThat(grid.getHeight()).isEqualTo(4);
    assertThat(grid.getRGB(0, 0)).isEqualTo(0xff000000);
    assertThat(grid.getRGB(3, 0)).isEqualTo(0xff808080);
    assertThat(grid.getRGB(0, 3)).isEqualTo(0xffffffff);
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void valuesBeyondTheRangeAreClippedAndNanIsBlack() throws IOException {
    Path file = folder.resolve("one.png");
    ImageGrid.writeOne(file, Tensors.of(new float[] {-9, 9, Float.NaN}, 3, 1, 1));
    assertThat(ImageIO.read(file.toFile()).getRGB(0, 0)).isEqualTo(0xff00ff00);
    ImageGrid.writeOne(file, Tensors.of(new float[] {1, 1, 1}, 3, 1, 1));
    assertThat(ImageIO.read(file.toFile()).getRGB(0, 0)).isEqualTo(0xffffffff);
  }

  @Test
  void captionsAreNeverCutOff() throws IOException {
    Path file = folder.resolve("grid.png");
    String longest = "a caption that is quite a bit longer than a hundred pixels are wide, gQ";
    // White images: what is dark is text.
    for (int side : new int[] {1, 7, 64}) {
      Tensor white = torch.ones(3, 1, side, side);
      ImageGrid.write(file, white, 1, List.of(longest, "", longest));
      BufferedImage grid = ImageIO.read(file.toFile());
      int row = (grid.getHeight() + 2) / 3;
      assertThat(dark(grid, 0, 1)).as("the upper edge").isZero();
      assertThat(dark(grid, row - 2, 2)).as("between the rows").isZero();
      assertThat(dark(grid, 0, row)).isEqualTo(dark(grid, 2 * row, row - 2)).isGreaterThan(100);
      assertThat(dark(grid, row, row)).as("an empty caption").isZero();
      int images = grid.getWidth() - side;
      assertThat(images).isBetween(300, 700);
      for (int y = 0; y < grid.getHeight(); y++) {
        assertThat(grid.getRGB(images - 1, y)).as("touches the images").isEqualTo(-1);
      }
    }
  }

  private static int dark(BufferedImage image, int top, int rows) {
    int dark = 0;
    for (int y = top; y < top + rows; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        dark += (image.getRGB(x, y) & 255) < 128 ? 1 : 0;
      }
    }
    return dark;
  }

  @Test
  void filesOfAFolderAreNamedInLatinDigitsEverywhere() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      ImageGrid.writeEach(folder, Tensors.zeros(1, 1, 2, 2));
    } finally {
      Locale.setDefault(before);
    }
    assertThat(folder.resolve("00000.png")).exists();
  }

  @Test
  void argumentsAreChecked() {
    Path file = folder.resolve("no.png");
    assertThatThrownBy(() -> ImageGrid.write(file, Tensors.zeros(2, 2, 4, 4), 2))
        .hasMessage("images must have shape (n, 1 or 3, h, w) with n at least 1, got (2, 2, 4, 4)");
    assertThatThrownBy(() -> ImageGrid.write(file, Tensors.zeros(2, 3, 4, 4), 0))
        .hasMessage("columns must be at least 1, got 0");
    assertThatThrownBy(() -> ImageGrid.write(file, Tensors.zeros(3, 3, 4, 4), 2, List.of("a")))
        .hasMessage("captions must be none or one a row, 2, got 1");
    assertThat(file).doesNotExist();
  }
}
