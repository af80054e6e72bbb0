package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.mvq.data.Damage;
import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.Pictures;
import io.mvq.data.format.ImageLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarShardsTest {
  @TempDir Path folder;

  static void write(Path shard, Map<String, byte[]> members) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(shard))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (var member : new TreeMap<>(members).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(member.getKey());
        entry.setSize(member.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(member.getValue());
        tar.closeArchiveEntry();
      }
    }
  }

  /** A head by itself, padded to a record, that says any size (in base 256). */
  static byte[] head(String name, char kind, long size) {
    byte[] head = new byte[10240];
    System.arraycopy(text(name), 0, head, 0, name.length());
    ByteBuffer.wrap(head).putInt(124, size < 0 ? -1 : 0x80000000).putLong(128, size);
    head[156] = (byte) kind;
    System.arraycopy(text("ustar\00000"), 0, head, 257, 8);
    Arrays.fill(head, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : Arrays.copyOf(head, 512)) {
      sum += b & 0xff;
    }
    System.arraycopy(text(String.format("%06o\0", sum)), 0, head, 148, 7);
    return head;
  }

  private static byte[] picture(int rgb) throws IOException {
    return Pictures.encoded(Pictures.plain(4, 4, rgb), "png");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private ImageFolder images(Path place, ImageFolder.Damaged damaged) throws IOException {
    return TarShards.images(place, 2, 3, ImageLimits.DEFAULT, damaged);
  }

  @Test
  void membersOfOneNameBelongTogether() throws IOException {
    String far = "deep/" + "x".repeat(200);
    write(
        folder.resolve("b.tar"),
        Map.of(
            "0001.png",
            picture(0xff0000),
            "0001.cls",
            text("7\n"),
            "0001.json",
            text("{}"),
            "0002.left.png",
            picture(0x00ff00),
            "0002.cls",
            text("3"),
            far + ".gif",
            Pictures.encoded(Pictures.plain(4, 4, 0x0000ff), "gif")));
    write(folder.resolve("a.tar"), Map.of("0001.png", picture(0xffffff), "0001.cls", text("3")));
    Files.writeString(folder.resolve("notes.txt"), "not a shard");
    ImageFolder images = images(folder, ImageFolder.Damaged.FAIL);
    assertThat(images.listing().names())
        .containsExactly(
            "a.tar/0001.png", "b.tar/0001.png", "b.tar/0002.left.png", "b.tar/" + far + ".gif");
    assertThat(images.classes()).containsExactly("3", "7");
    assertThat(images.listing().labels()).containsExactly(0, 1, 0, -1);
    assertThat(Pictures.read(images, 1)).containsExactly(-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(Pictures.read(images, 3)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1);
  }

  @Test
  void aSetOfShardsIsSplitByItsNames() throws IOException {
    Map<String, byte[]> members = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      members.put(i + ".png", picture(i));
      members.put(i + ".cls", text(Integer.toString(i % 2)));
    }
    Path shard = folder.resolve("all.tar");
    write(shard, members);
    Dataset set = Datasets.open("tar:" + shard, 2, 3);
    assertThat(set.name()).isEqualTo("all.tar");
    assertThat(set.train().size() + set.test().size()).isEqualTo(60);
    assertThat(set.test().size()).isBetween(2, 12);
    assertThat(set.train().classes()).containsExactly("0", "1");
    ImageSource all =
        Datasets.toEncode("tar:" + shard, 2, 3, ImageLimits.DEFAULT, ImageFolder.Damaged.REPORT);
    assertThat(all.size()).isEqualTo(60);
    assertThat(Datasets.absolute("tar:" + shard)).isEqualTo("tar:" + shard.toAbsolutePath());
  }

  @Test
  void aDamagedMemberIsNamedAndLeftOut() throws IOException {
    byte[] cut = Arrays.copyOf(picture(5), 50);
    Path shard = folder.resolve("a.tar");
    write(shard, Map.of("a.png", text("no image"), "b.png", picture(1), "c.png", cut));
    ImageFolder images = images(shard, ImageFolder.Damaged.REPORT);
    assertThat(images.leftOut())
        .extracting(Damage::name, Damage::reason)
        .containsExactly(
            tuple(
                "a.tar/a.png",
                shard + "!a.tar/a.png: not a PNG, JPEG, WebP, GIF, BMP or TIFF image"));
    assertThatThrownBy(() -> Pictures.read(images, 1))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(shard + "!a.tar/c.png: damaged image: ");
    assertThatThrownBy(() -> images(shard, ImageFolder.Damaged.FAIL))
        .hasMessageContaining("a.png: not a PNG");
  }

  @Test
  void whatIsNoTarSaysSo() throws IOException {
    Path none = folder.resolve("none.tar");
    assertThatThrownBy(() -> images(none, ImageFolder.Damaged.FAIL))
        .isInstanceOf(IOException.class)
        .hasMessage("no .tar file or folder of them at " + none.toAbsolutePath());
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> images(empty, ImageFolder.Damaged.FAIL))
        .hasMessage(empty + ": no .tar file in it");
    Path zipped = Files.write(folder.resolve("a.tar.gz"), new byte[] {31, -117, 8, 0, 1, 2, 3});
    assertThatThrownBy(() -> images(zipped, ImageFolder.Damaged.FAIL))
        .isInstanceOf(IOException.class)
        .hasMessage(zipped + ": compressed; unpack it first, since images are read where they lie");
    Path nonsense = Files.write(folder.resolve("b.tar"), new byte[2000]);
    Files.write(nonsense, text("a".repeat(2000)));
    assertThatThrownBy(() -> images(nonsense, ImageFolder.Damaged.FAIL))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(nonsense + ": not a readable tar file: ");
    Path shard = folder.resolve("big.tar");
    write(shard, Map.of("a.png", picture(1), "a.cls", new byte[300]));
    assertThatThrownBy(() -> images(shard, ImageFolder.Damaged.FAIL))
        .hasMessageContaining("a.cls must be a class of at most 256 bytes, got 300");
  }
}
