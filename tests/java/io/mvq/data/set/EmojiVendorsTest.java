package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.fetch.CacheFolder;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmojiVendorsTest {
  @TempDir Path folder;
  private Path emojiJson;

  @BeforeEach
  void make() throws IOException {
    emojiJson = folder.resolve("emoji.json");
    Files.writeString(
        emojiJson,
        """
        [{"image": "0023-fe0f-20e3.png", "subcategory": "keycap"},
         {"image": "1f1f3-1f1f4.png", "subcategory": "country-flag"},
         {"image": "1f1f8-1f1ef.png", "subcategory": "country-flag"},
         {"image": "1f46b.png", "subcategory": "family", "skin_variations":
           {"1F3FB-1F3FC": {"image": "1f469-1f3fb-200d-1f91d-200d-1f468-1f3fc.png"}}}]
        """);
    image("a/0023-fe0f-20e3", 64, Color.RED);
    image("a/1f1f3-1f1f4", 64, Color.BLUE);
    image("a/1f1f8-1f1ef", 64, Color.BLUE);
    image("a/1f46b", 64, Color.GREEN);
    image("a/1f469-1f3fb-200d-1f91d-200d-1f468-1f3fc", 64, Color.ORANGE);
    image("b/23-fe0f-20e3", 128, Color.BLACK);
    image("b/1f1f8-1f1ef", 128, Color.PINK);
  }

  @Test
  void classesAreSubcategoriesForAllVendors() throws IOException {
    DecodedSet set = open();
    assertThat(set.names())
        .containsExactly(
            "a/0023-fe0f-20e3.png",
            "a/1f1f3-1f1f4.png",
            "a/1f1f8-1f1ef.png",
            "a/1f469-1f3fb-200d-1f91d-200d-1f468-1f3fc.png",
            "a/1f46b.png",
            "b/1f1f8-1f1ef.png",
            "b/23-fe0f-20e3.png");
    assertThat(set.images().classes()).containsExactly("country-flag", "family", "keycap");
    assertThat(set.images().label(0)).isEqualTo(set.images().label(6)).isEqualTo(2);
  }

  @Test
  void aGlyphItsTonesAndItsTwinsAreOneGroupAcrossVendors() throws IOException {
    assertThat(open().groups())
        .containsExactly(
            "0023-20e3",
            "1f1f3-1f1f4",
            "1f1f3-1f1f4",
            "1f469-200d-1f91d-200d-1f468",
            "1f469-200d-1f91d-200d-1f468",
            "1f1f3-1f1f4",
            "0023-20e3");
  }

  @Test
  void transparencyIsWhiteAndLargeImagesAreAveraged() throws IOException {
    DecodedSet set = open();
    byte[] black = new byte[3 * 64 * 64];
    set.images().read(6, black);
    assertThat(black[0]).isEqualTo((byte) 255);
    assertThat(black[32 * 64 + 31]).isEqualTo((byte) 255);
    assertThat(black[32 * 64 + 32]).isEqualTo((byte) 0);
  }

  @Test
  void theSecondOpeningDecodesNothing() throws IOException {
    open();
    Files.delete(folder.resolve("b/1f1f8-1f1ef.png"));
    assertThat(open().images().size()).isEqualTo(7);
  }

  @Test
  void oneFlippedBitOfWhatWasDecodedIsFound() throws IOException {
    open();
    Path pixels = folder.resolve("cache/decoded/set/images.npy");
    byte[] bytes = Files.readAllBytes(pixels);
    bytes[bytes.length - 100] ^= 1;
    Files.write(pixels, bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(pixels + " is damaged")
        .hasMessageEndingWith("; delete its folder, and it is made anew");
  }

  @Test
  void aGlyphWithoutASubcategoryIsNamed() throws IOException {
    image("b/1f999", 64, Color.RED);
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve("b/1f999.png") + ": " + emojiJson + " has no glyph 1f999");
    assertThat(folder.resolve("cache/decoded/set")).doesNotExist();
  }

  @Test
  void fluentNamesAreWrittenAsTheOthers() {
    assertThat(EmojiVendors.glyph("a9-fe0f.webp")).isEqualTo("00a9");
    assertThat(EmojiVendors.glyph("1f3f4-e0067_e0062_e0065.webp"))
        .isEqualTo(EmojiVendors.glyph("1f3f4-e0067-e0062-e0065-e007f.png"))
        .isEqualTo("1f3f4-e0067-e0062-e0065");
  }

  private DecodedSet open() throws IOException {
    List<EmojiVendors.Vendor> vendors =
        List.of(
            new EmojiVendors.Vendor("a", folder.resolve("a")),
            new EmojiVendors.Vendor("b", folder.resolve("b")));
    return DecodedSet.open(
        new CacheFolder(folder.resolve("cache")),
        "set",
        writer -> EmojiVendors.decode(emojiJson, vendors, writer),
        64,
        3);
  }

  /** Transparent, its lower right quarter opaque. */
  private void image(String name, int side, Color colour) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setColor(colour);
    canvas.fillRect(side / 2, side / 2, side / 2, side / 2);
    canvas.dispose();
    Path file = folder.resolve(name + ".png");
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
