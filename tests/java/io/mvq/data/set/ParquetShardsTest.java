package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetWriter;
import io.mvq.data.Dataset;
import io.mvq.data.Pictures;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.format.ImageLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetShardsTest {
  /** As Hugging Face has them. */
  public record Image(Binary bytes, String path) {}

  public record Labelled(String id, Image image, Long label) {}

  public record Plain(Binary img, String labels) {}

  public record Numbers(long number) {}

  private static final String FEATURES =
      "{\"info\": {\"features\": {\"id\": {\"_type\": \"Value\"}, \"image\": {\"_type\": \"Image\"},"
          + " \"label\": {\"names\": [\"zebra\", \"ant\"], \"_type\": \"ClassLabel\"}}}}";

  @TempDir Path folder;

  private <T> Path write(String name, Class<T> type, List<T> rows, String about)
      throws IOException {
    Path file = folder.resolve(name);
    try (CarpetWriter<T> writer =
        new CarpetWriter.Builder<>(new LocalOutputFile(file), type)
            .withExtraMetaData("huggingface", about)
            .build()) {
      writer.write(rows);
    }
    return file;
  }

  /** A file of a few images and classes, compressed. */
  static Path write(Path file, CompressionCodecName codec) throws IOException {
    try (CarpetWriter<Labelled> writer =
        new CarpetWriter.Builder<>(new LocalOutputFile(file), Labelled.class)
            .withExtraMetaData("huggingface", FEATURES)
            .withCompressionCodec(codec)
            .build()) {
      for (int i = 0; i < 40; i++) {
        writer.write(labelled(i, (long) (i % 2)));
      }
    }
    return file;
  }

  private static Binary picture(int rgb) throws IOException {
    return Binary.fromConstantByteArray(Pictures.encoded(Pictures.plain(4, 4, rgb), "png"));
  }

  private static Labelled labelled(int rgb, Long label) throws IOException {
    return new Labelled("x", new Image(picture(rgb), "a.png"), label);
  }

  private ParquetShards shards() {
    return new ParquetShards(
        new CacheFolder(folder.resolve("cache")),
        2,
        3,
        ImageLimits.DEFAULT,
        ImageFolder.Damaged.FAIL);
  }

  @Test
  void imagesAndTheirNamedClassesAreRead() throws IOException {
    Path file =
        write(
            "a.parquet",
            Labelled.class,
            List.of(
                labelled(0xff0000, 0L),
                labelled(0x00ff00, 1L),
                labelled(0x0000ff, -1L),
                labelled(0, null)),
            FEATURES);
    ImageFolder images = shards().images(file);
    assertThat(images.classes()).containsExactly("ant", "zebra");
    assertThat(images.listing().labels()).containsExactly(1, 0, -1, -1);
    assertThat(images.listing().names()).startsWith("a.parquet/000000", "a.parquet/000001");
    assertThat(Pictures.read(images, 1)).containsExactly(0, 0, 0, 0, -1, -1, -1, -1, 0, 0, 0, 0);
    try (var cached = Files.list(folder.resolve("cache/parquet"))) {
      assertThat(cached.filter(Files::isDirectory)).hasSize(1);
    }
    assertThat(shards().images(file).size()).isEqualTo(4); // from the cache
  }

  @Test
  void aBinaryColumnAndClassesByNameAreReadToo() throws IOException {
    Path file =
        write(
            "plain.parquet",
            Plain.class,
            List.of(new Plain(picture(0), "cat"), new Plain(picture(1), "dog")),
            "{}");
    assertThat(shards().images(file).classes()).containsExactly("cat", "dog");
  }

  @Test
  void filesForTestingAreHeldOut() throws IOException {
    Path set = Files.createDirectory(folder.resolve("set"));
    for (String name :
        List.of("set/train-0.parquet", "set/train-1.parquet", "set/test-0.parquet")) {
      write(name, Labelled.class, List.of(labelled(1, 0L), labelled(2, 1L)), FEATURES);
    }
    Dataset both = shards().open(set);
    assertThat(both.name()).isEqualTo("set");
    assertThat(both.train().size()).isEqualTo(4);
    assertThat(both.test().size()).isEqualTo(2);
    assertThat(shards().images(set).size()).isEqualTo(6);
  }

  @Test
  void whatIsNoParquetOfImagesSaysSo() throws IOException {
    Path none = folder.resolve("none.parquet");
    assertThatThrownBy(() -> shards().images(none))
        .isInstanceOf(IOException.class)
        .hasMessage("no .parquet file or folder of them at " + none.toAbsolutePath());
    Path text = Files.writeString(folder.resolve("text.parquet"), "no parquet, but long enough");
    assertThatThrownBy(() -> shards().images(text))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(text + ": not a Parquet file of images: ");
    Path numbers = write("numbers.parquet", Numbers.class, List.of(new Numbers(1)), "{}");
    assertThatThrownBy(() -> shards().images(numbers))
        .hasMessage(
            numbers
                + ": not a Parquet file of images: no column of images, with bytes, among its columns [number]");
    Path beyond = write("beyond.parquet", Labelled.class, List.of(labelled(1, 2L)), FEATURES);
    assertThatThrownBy(() -> shards().images(beyond))
        .hasMessageContaining("label must be below 2 classes, got 2");
    Path empty =
        write(
            "empty.parquet",
            Labelled.class,
            List.of(new Labelled("x", new Image(null, "elsewhere.png"), 0L)),
            FEATURES);
    assertThatThrownBy(() -> shards().images(empty))
        .hasMessageContaining("row 0 has no bytes of an image");
    assertThat(folder.resolve("cache/parquet"))
        .satisfies(
            cache -> {
              try (var kept = Files.list(cache)) {
                assertThat(kept.filter(Files::isDirectory)).isEmpty();
              }
            });
  }
}
