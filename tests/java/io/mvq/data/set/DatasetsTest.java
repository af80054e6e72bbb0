package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.Pictures;
import io.mvq.data.StoredImages;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.fetch.DebianPackage;
import io.mvq.data.fetch.Packages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void embeddedSetsAreReadAtAnyMultipleOf32() throws IOException {
    for (String name : List.of("emoji", "clothes")) {
      ImageSource images = Datasets.open(name, 96, 1).test();
      byte[] image = new byte[images.imageBytes()];
      images.read(0, image);
      assertThat(image).hasSize(96 * 96);
      assertThat(IntStream.range(0, image.length).map(i -> image[i]).distinct().count())
          .as(name)
          .isGreaterThan(8);
    }
  }

  @Test
  void clothesAreTheFirstOfFashionMnist() throws IOException {
    Dataset clothes = Datasets.open("clothes", 32, 1);
    assertThat(clothes.train().size()).isEqualTo(10_000);
    assertThat(clothes.test().size()).isEqualTo(2000);
    ImageSource images = clothes.train();
    assertThat(images.classes().get(images.label(0))).isEqualTo("Ankle boot");
    int[] byClass = new int[10];
    for (int i = 0; i < images.size(); i++) {
      byClass[images.label(i)]++;
    }
    assertThat(byClass).containsExactly(942, 1027, 1016, 1019, 974, 989, 1021, 1022, 990, 1000);
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

  @ParameterizedTest
  @ValueSource(strings = {"val", "valid", "validation", "dev", "Test", "eval"})
  void theUsualSplitsAreKnown(String heldOut) throws IOException {
    image("train/a/1.png");
    image("train/b/2.png");
    image(heldOut + "/a/3.png");
    image(heldOut + "/b/4.png");
    Dataset set = Datasets.open(folder.toString(), 4, 1);
    assertThat(set.train().classes()).containsExactly("a", "b");
    assertThat(set.train().size()).isEqualTo(2);
    assertThat(set.test().name(0)).isEqualTo("a/3.png");
  }

  @Test
  void testIsHeldOutBeforeValAndValIsNotTrainedOn() throws IOException {
    image("train/a/1.png");
    image("val/a/2.png");
    image("test/a/3.png");
    Dataset set = Datasets.open(folder.toString(), 4, 1);
    assertThat(set.train().size() + set.test().size()).isEqualTo(2);
    assertThat(set.test().name(0)).isEqualTo("a/3.png");
  }

  @Test
  void trainAloneIsSplitByNames() throws IOException {
    for (int i = 0; i < 60; i++) {
      image("train/cats/" + i + ".png");
    }
    Dataset set = Datasets.open(folder.toString(), 4, 1);
    assertThat(set.train().classes()).containsExactly("cats");
    assertThat(set.test().size()).isBetween(1, 15);
  }

  @Test
  void heldOutImagesAreNeverTrainedOn() throws IOException {
    image("val/a/1.png");
    assertRefused("its folder val is known as held-out images, but there is no folder train");
    image("cats/1.png");
    assertRefused(
        "its folder val is known as held-out images, but there is no folder train and there are"
            + " others, cats");
  }

  @Test
  void foldersThatLookLikeSplitsAreNoClasses() throws IOException {
    image("train2017/1.png");
    image("val2017/2.png");
    assertRefused("its folders train2017, val2017 look like splits, not classes");
    image("trains/3.png");
    assertThat(Datasets.open(folder.toString(), 4, 1).train().classes()).hasSize(3);
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> Datasets.open(folder.toString(), 4, 1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            folder
                + ": "
                + why
                + "; name the folders train and one of test, testing, val, valid, validation, dev,"
                + " eval, or give one of them as the data");
  }

  @Test
  void aNameThatIsBothASetAndAFolderIsRefused() throws IOException {
    // The working folder of the tests holds a folder of no set's name: one is made for a moment.
    Path both = Files.createDirectory(Path.of("photos"));
    try {
      assertThatThrownBy(() -> Datasets.open("photos", 4, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "data \"photos\" is both a set and a folder here; write set:photos for the set or"
                  + " ./photos for the folder");
      assertThatThrownBy(() -> Datasets.open("./photos", 4, 1))
          .hasMessage(
              "./photos: no .png, .jpg, .jpeg, .webp, .gif, .bmp, .tif or .tiff file in it or below"
                  + " it");
    } finally {
      Files.delete(both);
    }
  }

  @Test
  void setsHaveANameOfTheirOwn() throws IOException {
    assertThat(Datasets.open("set:emoji", 8, 1).digest())
        .isEqualTo(Datasets.open("emoji", 16, 3).digest());
    assertThatThrownBy(() -> Datasets.open("set:cats", 4, 1))
        .hasMessage(
            "set must be one of emoji, clothes, emoji-vendors, photos, fashion-mnist; got"
                + " \"cats\"");
    assertThat(Datasets.absolute("emoji")).isEqualTo("set:emoji");
    Path here = Path.of("").toAbsolutePath();
    assertThat(Datasets.absolute("./photos")).isEqualTo(here.resolve("photos").toString());
    assertThat(Datasets.absolute("idx:a/../b")).isEqualTo("idx:" + here.resolve("b"));
  }

  @Test
  void theDigestTellsWhetherASetIsTheSame() throws IOException {
    image("cats/1.png");
    image("dogs/1.png");
    String before = Datasets.open(folder.toString(), 4, 1).digest();
    assertThat(before).hasSize(64);
    assertThat(Datasets.open(folder + "/.", 8, 3).digest()).isEqualTo(before);
    Files.move(folder.resolve("dogs/1.png"), folder.resolve("cats/2.png"));
    String moved = Datasets.open(folder.toString(), 4, 1).digest();
    assertThat(moved).isNotEqualTo(before);
    Pictures.write(folder.resolve("cats/2.png"), Pictures.plain(40, 40, 0x123456));
    assertThat(Datasets.open(folder.toString(), 4, 1).digest()).isNotEqualTo(moved);
  }

  @Test
  void aThinnedSetIsEvenlySpaced() {
    byte[][] images = {{0}, {1}, {2}, {3}, {4}, {5}, {6}};
    ImageSource seven = StoredImages.unlabelled(1, 1, images);
    Dataset thinned = new Dataset("set", seven, seven).thinned(3);
    assertThat(List.of(read(thinned.train(), 0), read(thinned.train(), 1), read(thinned.test(), 2)))
        .containsExactly(0, 2, 4);
    assertThat(thinned.test().size()).isEqualTo(3);
    assertThat(new Dataset("set", seven, seven).thinned(7).train()).isSameAs(seven);
    assertThatThrownBy(() -> thinned.thinned(0)).hasMessage("most must be at least 1 image, got 0");
  }

  @Test
  void anUnknownTextListsTheForms() {
    assertThatThrownBy(() -> Datasets.open("emojis", 64, 3))
        .hasMessageStartingWith(
            "data must be one of: emoji, clothes, emoji-vendors, photos, fashion-mnist, idx:FOLDER")
        .hasMessageEndingWith("got \"emojis\", which is no folder");
    assertThatThrownBy(() -> Datasets.open("idx:" + folder.resolve("no"), 32, 1))
        .hasMessage("no folder at " + folder.resolve("no"));
    assertThatThrownBy(() -> Datasets.open("npz:" + folder.resolve("no.npz"), 32, 1))
        .hasMessage("no file at " + folder.resolve("no.npz"));
  }

  @Test
  void fashionMnistIsFetchedWhereItIsNotInstalled() throws IOException {
    Path made = folder.resolve("made/usr/share/datasets/fashion-mnist");
    Files.createDirectories(made);
    for (String part : List.of("train", "t10k")) {
      Files.write(
          made.resolve(part + "-images-idx3-ubyte"),
          new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 77});
      Files.write(
          made.resolve(part + "-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 9});
    }
    Path programs = Files.createDirectory(folder.resolve("bin"));
    program(programs, "apt-get", "test $5 = dataset-fashion-mnist=1-1 && touch made.deb");
    program(programs, "dpkg-deb", "cp -r " + folder.resolve("made") + "/usr $3");
    Packages packages = new Packages(new CacheFolder(folder.resolve("cache")), programs);
    DebianPackage empty =
        new DebianPackage(
            "dataset-fashion-mnist",
            "1-1",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Dataset set = Datasets.fashionMnist(folder.resolve("no"), packages, empty, 1, 1);
    assertThat(set.test().classes().get(set.test().label(0))).isEqualTo("Ankle boot");
    Datasets.fashionMnist(made, new Packages(new CacheFolder(folder), folder), empty, 1, 1);
    Packages clientless = new Packages(new CacheFolder(folder.resolve("other")), folder);
    assertThatThrownBy(() -> Datasets.fashionMnist(folder.resolve("no"), clientless, empty, 1, 1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "no Fashion-MNIST at "
                + folder.resolve("no")
                + "; cannot fetch Debian package dataset-fashion-mnist=1-1: no program apt-get; on"
                + " Debian or Ubuntu: apt-get install apt; where apt knows no such version, get"
                + " that .deb from Debian's archive and unpack it: dpkg-deb -x FILE "
                + folder.resolve("other/debian/dataset-fashion-mnist-1-1")
                + "; or name a folder of its four files with"
                + " idx:FOLDER");
  }

  private static int read(ImageSource source, int index) {
    byte[] image = new byte[1];
    try {
      source.read(index, image);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return image[0];
  }

  private static void program(Path programs, String name, String script) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void image(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
  }
}
