package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.ImageSource;
import io.mvq.data.set.ImageFolder.Damaged;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
  /** A lossless WebP of 2 x 2 red pixels. */
  private static final String WEBP = "UklGRhwAAABXRUJQVlA4TA8AAAAvAUAAAAcQ/Y/+ByKi/wEA";

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
    Files.write(folder.resolve("red.webp"), Base64.getDecoder().decode(WEBP));
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
        .hasMessage(folder.resolve("empty.png") + ": not a PNG, JPEG or WebP image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void anotherImageOfTheClassStandsInForATruncatedOne(String format) throws IOException {
    Path cut = folder.resolve("a/1." + format);
    noise(cut, format);
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
    noise(cut, "png");
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
      noise(file, i % 2 == 0 ? "png" : "jpg");
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
        .hasMessage(folder + ": no .png, .jpg, .jpeg or .webp file in it or below it");
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
    byte[] image = new byte[source.imageBytes()];
    source.read(index, image);
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
    BufferedImage image = new BufferedImage(24, 13, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setColor(colour);
    canvas.fillRect(0, 0, 24, 13);
    canvas.dispose();
    write(folder.resolve(name), image);
  }

  private static void noise(Path file, String format) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int i = 0; i < 4096; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt() & 0xffffff);
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, format, file.toFile());
  }

  private byte[] png() throws IOException {
    Path file = folder.resolve("whole.png");
    noise(file, "png");
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  private static void write(Path file, BufferedImage image) throws IOException {
    Files.createDirectories(file.getParent());
    String format = file.toString().endsWith("png") ? "png" : "jpeg";
    ImageIO.write(image, format, file.toFile());
  }
}
