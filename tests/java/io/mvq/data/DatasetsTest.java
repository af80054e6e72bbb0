package io.mvq.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
  @TempDir Path folder;

  @Test
  void emojiIsFound() throws IOException {
    Dataset emoji = Datasets.open("emoji", 32, 3);
    assertThat(emoji.name()).isEqualTo("emoji");
    assertThat(emoji.train().side()).isEqualTo(32);
    assertThat(emoji.train().size()).isGreaterThan(3000);
  }

  @Test
  void aFolderIsSplitByNamesWhateverElseIsInIt() throws IOException {
    for (int i = 0; i < 60; i++) {
      image("cats/" + i + ".png");
    }
    Dataset before = Datasets.open(folder.toString(), 4, 1);
    assertThat(before.train().size() + before.test().size()).isEqualTo(60);
    assertThat(before.test().size()).isBetween(1, 15);
    image("cats/zebra.png");
    Dataset after = Datasets.open(folder.toString(), 4, 1);
    int grown = Dataset.isHeldOut("cats/zebra.png") ? 1 : 0;
    assertThat(after.test().size()).isEqualTo(before.test().size() + grown);
  }

  @Test
  void trainAndTestFoldersAreTakenAsTheyAre() throws IOException {
    image("train/a/1.png");
    image("train/b/2.png");
    image("test/a/3.png");
    image("test/b/4.png");
    Dataset set = Datasets.open(folder.toString(), 4, 1);
    assertThat(set.train().size()).isEqualTo(2);
    assertThat(set.test().size()).isEqualTo(2);
    assertThat(set.test().classes()).containsExactly("a", "b");
    image("test/c/5.png");
    assertThatThrownBy(() -> Datasets.open(folder.toString(), 4, 1))
        .hasMessage(
            folder
                + ": train/ and test/ must have the same subfolders (classes), got [a, b] and"
                + " [a, b, c]");
  }

  @Test
  void anUnknownTextListsTheForms() {
    assertThatThrownBy(() -> Datasets.open("emojis", 64, 3))
        .hasMessageStartingWith("data must be one of: emoji, fashion-mnist, idx:FOLDER")
        .hasMessageEndingWith("got \"emojis\", which is no folder");
    assertThatThrownBy(() -> Datasets.open("idx:" + folder.resolve("no"), 32, 1))
        .hasMessage("no folder at " + folder.resolve("no"));
    assertThatThrownBy(() -> Datasets.open("npz:" + folder.resolve("no.npz"), 32, 1))
        .hasMessage("no file at " + folder.resolve("no.npz"));
  }

  private void image(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
  }
}
