package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.StoredImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmojiTest {
  private static Emoji emoji;

  @BeforeAll
  static void load() throws IOException {
    emoji = Emoji.load();
  }

  @Test
  void allImagesAreThereAndLabelled() {
    assertThat(emoji.images().size()).isEqualTo(3786).isEqualTo(emoji.names().size());
    assertThat(emoji.images().imageBytes()).isEqualTo(3 * 64 * 64);
    assertThat(emoji.images().classes()).hasSize(99).contains("country-flag", "food-fruit");
    int thumb = emoji.names().indexOf("1f44d-1f3fd");
    assertThat(emoji.images().classes().get(emoji.images().label(thumb)))
        .isEqualTo("hand-fingers-closed");
  }

  @Test
  void neitherAGlyphNorAPictureIsOnBothSides() throws IOException {
    Map<Boolean, Set<String>> glyphs = Map.of(true, new HashSet<>(), false, new HashSet<>());
    Map<Boolean, Set<ByteBuffer>> pictures = Map.of(true, new HashSet<>(), false, new HashSet<>());
    for (int i = 0; i < emoji.names().size(); i++) {
      boolean heldOut = Dataset.isHeldOut(emoji.groups().get(i));
      glyphs.get(heldOut).add(emoji.names().get(i).replaceAll("-1f3f[b-f]|-fe0f", ""));
      byte[] picture = new byte[emoji.images().imageBytes()];
      emoji.images().read(i, picture);
      pictures.get(heldOut).add(ByteBuffer.wrap(picture));
    }
    assertThat(Collections.disjoint(glyphs.get(true), glyphs.get(false))).isTrue();
    assertThat(Collections.disjoint(pictures.get(true), pictures.get(false))).isTrue();
    assertThat(emoji.test().size()).isBetween(300, 460);
    assertThat(emoji.train().size() + emoji.test().size()).isEqualTo(3786);
  }

  @Test
  void skinTonesAndVariationSelectorsAreNoPartOfTheBase() {
    assertThat(Emoji.base("1f44d-1f3fd")).isEqualTo("1f44d");
    assertThat(Emoji.base("1f469-1f3fb-200d-1f91d-200d-1f468-1f3fc"))
        .isEqualTo("1f469-200d-1f91d-200d-1f468");
    assertThat(Emoji.base("270c-fe0f")).isEqualTo(Emoji.base("270c-1f3fb")).isEqualTo("270c");
    assertThat(Emoji.base("1f3fb")).isEqualTo("1f3fb");
  }

  @Test
  void cornersAreWhiteAndAThumbIsYellow() {
    byte[] image = new byte[3 * 64 * 64];
    int thumb = emoji.names().indexOf("1f44d");
    ((StoredImages) emoji.images()).read(thumb, image);
    assertThat(image[0]).isEqualTo((byte) 255);
    int middle = 40 * 64 + 32;
    assertThat(image[middle] & 255).isGreaterThan(200);
    assertThat(image[2 * 4096 + middle] & 255).isLessThan(120);
  }

  @Test
  void aMissingFileSaysWhereItWasSought(@TempDir Path folder) throws IOException {
    String before = System.getProperty("mvq.home");
    System.setProperty("mvq.home", folder.toString());
    try {
      assertThatThrownBy(Emoji::load)
          .hasMessageStartingWith("no embedded set at " + folder)
          .hasMessageContaining("-Dmvq.home=FOLDER");
      Files.createDirectories(folder.resolve("data"));
      Files.write(folder.resolve("data/emoji.xz"), new byte[100]);
      assertThatThrownBy(Emoji::load)
          .hasMessageStartingWith(folder.resolve("data/emoji.xz") + ": not a readable emoji pack:");
    } finally {
      if (before == null) {
        System.clearProperty("mvq.home");
      } else {
        System.setProperty("mvq.home", before);
      }
    }
  }

  @Test
  void aPackSurvivesTheRoundTripAndIsDeterministic(@TempDir Path folder) throws IOException {
    byte[][] images = {{1, 2, 3}, {4, 5, 6}};
    EmojiPack pack = new EmojiPack(1, List.of("1f600", "1f601"), List.of("A", "B"), images);
    pack.write(folder.resolve("a"));
    pack.write(folder.resolve("b"));
    EmojiPack read = EmojiPack.read(folder.resolve("a"));
    assertThat(read.names()).isEqualTo(pack.names());
    assertThat(read.subcategories()).isEqualTo(pack.subcategories());
    assertThat(read.images()).isDeepEqualTo(images);
    assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
  }
}
