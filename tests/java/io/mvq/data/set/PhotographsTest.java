package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.format.QtResource;
import io.mvq.data.format.Raster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotographsTest {
  @TempDir Path folder;

  @Test
  void patchesComeFromAllSizesAndRepeat() {
    Raster noise = noise(200, 128, 1);
    List<Raster> patches = Patches.of(noise, 1000, 7);
    // Short sides 64, 91 and 128: 2 x 1, 3 x 1 and 5 x 3 half overlapping patches.
    assertThat(patches).hasSize(2 + 3 + 15);
    assertThat(Patches.of(noise, 1000, 7).get(9).pixels()).isEqualTo(patches.get(9).pixels());
    List<Raster> few = Patches.of(noise, 4, 7);
    assertThat(few).hasSize(4);
    assertThat(few.get(2).pixels()).isEqualTo(patches.get(2).pixels());
    assertThat(Patches.of(noise(63, 500, 1), 10, 7)).isEmpty();
  }

  @Test
  void nearlyFlatPatchesAreDropped() {
    byte[] grey = new byte[3 * 64 * 128];
    Arrays.fill(grey, (byte) 90);
    Raster half = new Raster(3, 64, 128, grey);
    System.arraycopy(noise(64, 128, 2).pixels(), 0, grey, 0, 64 * 32);
    assertThat(Patches.of(half, 10, 1)).hasSize(3);
    Arrays.fill(grey, (byte) 90);
    for (int y = 0; y < 64; y++) {
      Arrays.fill(grey, y * 128, y * 128 + 64, (byte) 255);
    }
    // The left and the middle patch have red light in them, the right one has none at all.
    assertThat(Patches.of(half, 10, 1)).hasSize(1);
    assertThat(Patches.deviation(new Raster(1, 1, 4, new byte[] {0, 0, 10, 10}))).isEqualTo(5);
  }

  @Test
  void thePatchesOfAPhotographAndOfItsCopyAreOneGroup() throws IOException {
    Raster one = smooth(3);
    Raster copy = one.resized(96, 96);
    Raster other = smooth(4);
    List<Photographs.Photograph> photographs =
        List.of(
            new Photographs.Photograph("b", "animals", 5, () -> one),
            new Photographs.Photograph("c", "animals", 5, () -> other),
            new Photographs.Photograph("a", "fish", 5, () -> copy));
    DecodedSet set =
        DecodedSet.open(
            new CacheFolder(folder), "set", w -> Photographs.cut(photographs, w), 64, 3);
    assertThat(set.names()).startsWith("b#0", "b#1");
    for (int i = 0; i < set.names().size(); i++) {
      assertThat(set.groups().get(i)).isEqualTo(set.names().get(i).startsWith("c") ? "c" : "a");
    }
    assertThat(set.images().classes()).containsExactly("animals", "fish");
    byte[] read = new byte[3 * 64 * 64];
    set.images().read(0, read);
    assertThat(read).isEqualTo(Patches.of(one, 5, "b".hashCode()).get(0).pixels());
  }

  @Test
  void aDecodedSetIsANumpyFileAndConvertsWhenRead() throws IOException {
    Raster image = noise(64, 64, 5);
    CacheFolder cache = new CacheFolder(folder);
    DecodedSet.open(cache, "set", w -> w.add(image, "n", "c", "g"), 64, 3);
    Dataset numpy = Datasets.open("npz:" + folder.resolve("decoded/set/images.npy"), 64, 3);
    byte[] read = new byte[3 * 64 * 64];
    (numpy.train().size() > 0 ? numpy.train() : numpy.test()).read(0, read);
    assertThat(read).isEqualTo(image.pixels());
    ImageSource small = DecodedSet.open(cache, "set", w -> {}, 16, 1).images();
    byte[] grey = new byte[16 * 16];
    small.read(0, grey);
    assertThat(grey).isEqualTo(image.withChannels(1).fitted(16).pixels());
    assertThatThrownBy(() -> DecodedSet.open(cache, "b", w -> w.add(grey(1), "n", "c", "g"), 64, 3))
        .hasMessage("image must be 3 x 64 x 64, got 1 x 1 x 1");
    Files.write(folder.resolve("decoded/set/images.npy"), new byte[200]);
    assertThatThrownBy(() -> DecodedSet.open(cache, "set", w -> {}, 64, 3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("images.npy is damaged: its SHA-256 is");
    Files.delete(folder.resolve("decoded/set/SHA256SUMS")); // as older versions left it
    assertThatThrownBy(() -> DecodedSet.open(cache, "set", w -> {}, 64, 3))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("images.npy: truncated: 1 images need 12,416 bytes, got 200");
  }

  @Test
  void filesOfAQtResourceAreFoundByPath() throws IOException {
    Path file = folder.resolve("a.rcc");
    Files.write(file, resource("hello", 0));
    Map<String, byte[]> files = QtResource.read(file);
    assertThat(files).containsOnlyKeys("/d/f");
    assertThat(files.get("/d/f")).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    Files.write(file, resource("hello hello hello hello", 1));
    assertThat(QtResource.read(file).get("/d/f"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("hello hello hello hello");
  }

  @Test
  void faultsOfAQtResourceAreNamed() throws IOException {
    Path file = folder.resolve("a.rcc");
    // The last 8 bytes are a time, which is not read.
    byte[] whole = resource("hello", 0);
    for (int length = 0; length < whole.length - 8; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> QtResource.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": not a readable Qt resource: ");
    }
    Files.write(file, resource("hello", 4));
    assertThatThrownBy(() -> QtResource.read(file))
        .hasMessageEndingWith("/d/f is compressed by zstd, which is not read here");
  }

  /** A folder d with a file f: names, then data, then the tree, so that all of it is needed. */
  private static byte[] resource(String content, int flags) throws IOException {
    byte[] data = content.getBytes(StandardCharsets.UTF_8);
    if (flags == 1) {
      ByteArrayOutputStream zipped = new ByteArrayOutputStream();
      new DataOutputStream(zipped).writeInt(data.length);
      try (DeflaterOutputStream deflater = new DeflaterOutputStream(zipped)) {
        deflater.write(data);
      }
      data = zipped.toByteArray();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    int names = 24;
    int start = names + 16;
    int tree = start + 4 + data.length;
    out.writeBytes("qres");
    for (int number : new int[] {3, tree, start, names, 0}) {
      out.writeInt(number);
    }
    for (char name : new char[] {'d', 'f'}) {
      out.writeShort(1);
      out.writeInt(0);
      out.writeShort(name);
    }
    out.writeInt(data.length);
    out.write(data);
    int[][] nodes = {{0, 2, 1, 1}, {0, 2, 1, 2}, {8, flags, 0, 0}};
    for (int[] node : nodes) {
      out.writeInt(node[0]);
      out.writeShort(node[1]);
      out.writeInt(node[2]);
      out.writeInt(node[3]);
      out.writeLong(0);
    }
    return bytes.toByteArray();
  }

  private static Raster smooth(long seed) {
    return noise(8, 8, seed).resized(150, 150);
  }

  private static Raster noise(int height, int width, long seed) {
    byte[] pixels = new byte[3 * height * width];
    new Random(seed).nextBytes(pixels);
    return new Raster(3, height, width, pixels);
  }

  private static Raster grey(int side) {
    return new Raster(1, side, side, new byte[side * side]);
  }
}
