package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Batches;
import io.mvq.data.Damage;
import io.mvq.data.ImageSource;
import io.mvq.data.Pictures;
import io.mvq.data.set.ImageFolder.Damaged;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
  @TempDir Path folder;

  @Test
  void subfoldersAreClassesAndFilesAreInOrder() throws IOException {
    image("b/two.png", Color.RED);
    image("a/deep/er/one.jpg", Color.BLUE);
    image("a/zero.JPEG", Color.GREEN);
    image("loose.png", Color.WHITE);
    Files.writeString(folder.resolve("a/notes.txt"), "no image");
    ImageFolder source = open();
    assertThat(source.size()).isEqualTo(4);
    assertThat(source.classes()).containsExactly("a", "b");
    assertThat(source.name(0)).isEqualTo("a/deep/er/one.jpg");
    assertThat(new int[] {source.label(0), source.label(1), source.label(2), source.label(3)})
        .containsExactly(0, 0, 1, -1);
    assertThat(read(source, 2)).containsExactly(planes(255, 0, 0));
  }

  @Test
  void webpIsRead() throws IOException {
    Files.write(folder.resolve("red.webp"), Pictures.RED_WEBP);
    assertThat(read(open(), 0)).containsExactly(planes(255, 0, 0));
  }

  @Test
  void filesThatAreNoImagesAreLeftOutAndCounted() throws IOException {
    image("good.png", Color.RED);
    Files.write(folder.resolve("empty.png"), new byte[0]);
    Files.writeString(folder.resolve("text.jpg"), "hello");
    Files.write(folder.resolve("head.png"), Arrays.copyOf(png(), 20));
    ImageFolder source = open();
    assertThat(source.size()).isEqualTo(1);
    assertThat(source.skipped()).isEqualTo(3);
    assertThatThrownBy(() -> new ImageFolder(folder, 8, 3, Damaged.FAIL))
        .hasMessage(
            folder.resolve("empty.png") + ": not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void anotherImageOfTheClassStandsInForATruncatedOne(String format) throws IOException {
    Path cut = folder.resolve("a/1." + format);
    noise(cut);
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length * 2 / 3));
    image("a/2.png", Color.RED);
    image("b/3.png", Color.BLUE);
    ImageFolder source = open();
    assertThat(source.size()).isEqualTo(3);
    assertThat(read(source, 0)).containsExactly(planes(255, 0, 0));
    assertThat(read(source, 0)).containsExactly(planes(255, 0, 0));
    assertThat(source.skipped()).isEqualTo(1);
    ImageFolder strict = new ImageFolder(folder, 8, 3, Damaged.FAIL);
    assertThatThrownBy(() -> strict.read(0, new byte[192]))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(cut + ": damaged image: ");
  }

  @Test
  void aClassOfDamagedImagesOnlyIsAnError() throws IOException {
    Path cut = folder.resolve("a/1.png");
    noise(cut);
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 2000));
    image("b/3.png", Color.BLUE);
    assertThatThrownBy(() -> read(open(), 0))
        .hasMessageStartingWith(cut + ": damaged image: ")
        .hasMessageEndingWith("; no other image of its class is readable");
  }

  @Test
  void randomDamageNeverCrashes() throws IOException {
    image("good.png", Color.RED);
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      Path file = folder.resolve(i + (i % 2 == 0 ? ".png" : ".jpg"));
      noise(file);
      byte[] bytes = Files.readAllBytes(file);
      for (int k = 0; k < 5; k++) {
        bytes[random.nextInt(i < 30 ? 60 : bytes.length)] = (byte) random.nextInt();
      }
      Files.write(file, bytes);
    }
    ImageFolder source = open();
    for (int i = 0; i < source.size(); i++) {
      assertThat(read(source, i)).hasSize(192);
    }
  }

  @Test
  void hiddenFoldersAreNoClasses() throws IOException {
    image("cats/1.png", Color.RED);
    image(".ipynb_checkpoints/1.png", Color.RED);
    image("__MACOSX/cats/1.png", Color.RED);
    image("cats/.thumbnails/2.png", Color.RED);
    image("cats/.3.png", Color.RED);
    ImageFolder source = open();
    assertThat(source.classes()).containsExactly("cats");
    assertThat(source.size()).isEqualTo(1);
    assertThat(source.leftOut()).isEmpty();
  }

  @Test
  void linksThatLeadBackOrNowhereArePassedOverAndCounted() throws IOException {
    image("a/1.png", Color.RED);
    Files.createSymbolicLink(folder.resolve("a/back"), folder);
    Files.createSymbolicLink(folder.resolve("a/gone.png"), folder.resolve("nowhere"));
    Files.createSymbolicLink(folder.resolve("b"), folder.resolve("a"));
    ImageFolder source = open();
    assertThat(source.listing().names()).containsExactly("a/1.png", "b/1.png");
    assertThat(source.leftOut())
        .contains(
            new Damage(
                "a/back",
                folder.resolve("a/back") + ": a link that leads back to a folder it is in"),
            new Damage("a/gone.png", folder.resolve("a/gone.png") + ": a link to nothing"));
    assertThat(source.skipped()).isEqualTo(source.leftOut().size());
  }

  @Test
  void toEncodeNothingStandsInForADamagedImage() throws IOException {
    image("a/0.png", Color.RED);
    noise(folder.resolve("a/1.png"));
    Path cut = folder.resolve("a/1.png");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 2000));
    Files.writeString(folder.resolve("a/2.png"), "hello");
    image("a/3.png", Color.BLUE);
    ImageFolder source = new ImageFolder(folder, 8, 3, Damaged.REPORT);
    List<String> read = new ArrayList<>();
    try (Batches batches = Batches.readable(source, 2, 1)) {
      while (batches.hasNext()) {
        for (int index : batches.next().indices()) {
          read.add(source.name(index));
        }
      }
      assertThat(read).containsExactly("a/0.png", "a/3.png");
      assertThat(batches.damaged()).extracting(Damage::name).containsExactly("a/2.png", "a/1.png");
      assertThat(batches.damaged())
          .extracting(Damage::reason)
          .satisfiesExactly(
              reason ->
                  assertThat(reason)
                      .isEqualTo(
                          folder.resolve("a/2.png")
                              + ": not a PNG, JPEG, WebP, GIF, BMP or TIFF image"),
              reason -> assertThat(reason).startsWith(cut + ": damaged image: "));
    }
  }

  @Test
  void aBatchOfNothingButDamagedImagesIsNone() throws IOException {
    for (String name : List.of("1.png", "2.png", "5.png", "6.png")) {
      noise(folder.resolve(name));
      Path cut = folder.resolve(name);
      Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 2000));
    }
    image("3.png", Color.RED);
    image("4.png", Color.RED);
    ImageSource source = new ImageFolder(folder, 8, 3, Damaged.REPORT);
    try (Batches batches = Batches.readable(source, 2, 2)) {
      assertThat(batches.hasNext()).isTrue();
      assertThat(batches.next().indices()).containsExactly(2, 3);
      assertThat(batches.hasNext()).isFalse();
      assertThat(batches.damaged()).hasSize(4);
    }
  }

  @Test
  void hugeImagesAreRefusedByTheirHeader() throws IOException {
    byte[] png = png();
    png[16] = 0;
    png[17] = 1; // width 65536 and more
    png[20] = 0;
    png[21] = 1;
    Files.write(folder.resolve("huge.png"), png);
    assertThatThrownBy(this::open)
        .hasMessageContaining("none of its 1 images can be read")
        .hasMessageContaining("pixels, must be 1 to 50,000,000 in all");
  }

  @Test
  void aFolderWithoutImagesIsAnError() {
    assertThatThrownBy(this::open)
        .hasMessage(
            folder
                + ": no .png, .jpg, .jpeg, .webp, .gif, .bmp, .tif or .tiff file in it or below it");
  }

  @Test
  void sizesAndChannelsAreChecked() {
    assertThatThrownBy(() -> new ImageFolder(folder, 0, 3, Damaged.SKIP))
        .hasMessage("side must be 1 to 4096 pixels, got 0");
    assertThatThrownBy(() -> new ImageFolder(folder, 8, 4, Damaged.SKIP))
        .hasMessage("channels must be 1 (grey) or 3 (red, green, blue), got 4");
  }

  private ImageFolder open() throws IOException {
    return new ImageFolder(folder, 8, 3, Damaged.SKIP);
  }

  private static byte[] read(ImageSource source, int index) throws IOException {
    byte[] image = Pictures.read(source, index);
    // JPEG is a little off pure colours.
    for (int i = 0; i < image.length; i++) {
      int value = image[i] & 255;
      image[i] = (byte) (value < 8 ? 0 : value > 247 ? 255 : value);
    }
    return image;
  }

  private static byte[] planes(int red, int green, int blue) {
    byte[] planes = new byte[192];
    Arrays.fill(planes, 0, 64, (byte) red);
    Arrays.fill(planes, 64, 128, (byte) green);
    Arrays.fill(planes, 128, 192, (byte) blue);
    return planes;
  }

  private void image(String name, Color colour) throws IOException {
    Pictures.write(folder.resolve(name), Pictures.plain(24, 13, colour.getRGB()));
  }

  private static void noise(Path file) throws IOException {
    Pictures.write(file, Pictures.noise());
  }

  private static byte[] png() throws IOException {
    return Pictures.encoded(Pictures.noise(), "png");
  }
}
