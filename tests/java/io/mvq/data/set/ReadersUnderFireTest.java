package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.Pictures;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Imagenet64;
import io.mvq.data.format.Npz;
import io.mvq.data.format.QtResource;
import io.mvq.files.Fire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of images and sets against damaged files. */
@Timeout(36_000)
class ReadersUnderFireTest {
  private static final Path CORPUS = Path.of("tests/golden/fuzz");
  private static final ImageLimits LIMITS = new ImageLimits(1_000_000, Duration.ofSeconds(5));

  @TempDir Path folder;

  @Test
  void imageFiles() throws IOException {
    byte[] exif = Pictures.exif(6, ByteOrder.LITTLE_ENDIAN);
    byte[] png = Pictures.encoded(Pictures.noise(), "png");
    byte[] jpeg = Pictures.encoded(Pictures.noise(), "jpeg");
    Fire.Reader reader = file -> ImageFiles.decode(file, LIMITS);
    fire("a.png", Pictures.pngWith(png, exif), reader);
    fire("a.jpg", Pictures.jpegWith(jpeg, exif), reader);
    for (String format : new String[] {"gif", "bmp", "tiff"}) {
      fire("a." + format, Pictures.encoded(Pictures.noise(), format), reader);
    }
    fire("a.webp", Pictures.RED_WEBP, reader);
    fire("b.webp", Pictures.webpWith("EXIF", exif, 8, false), reader);
  }

  @Test
  void numpyArrays() throws IOException {
    Fire.Reader reader = file -> all(Datasets.open("npz:" + file, 2, 1));
    fire("set.npz", corpus("labelled.npz"), reader);
    fire("set.npy", corpus("images.npy"), reader);
    fire(
        "codes.npz",
        corpus("labelled.npz"),
        file -> {
          try (Npz npz = Npz.open(file)) {
            for (String name : npz.names()) {
              npz.find(name).whole("values", Long.MIN_VALUE, Long.MAX_VALUE);
            }
          }
        });
  }

  @Test
  void idxAndCifar() throws IOException {
    for (String part : new String[] {"train", "t10k"}) {
      Files.write(folder.resolve(part + "-images-idx3-ubyte"), corpus("images.idx3"));
      Files.write(folder.resolve(part + "-labels-idx1-ubyte"), corpus("labels.idx1"));
    }
    Fire.Reader idx = file -> all(Datasets.open("idx:" + folder, 2, 1));
    fire("train-images-idx3-ubyte", corpus("images.idx3"), idx);
    fire("train-images-idx3-ubyte", corpus("images.idx3.gz"), idx);
    fire("t10k-labels-idx1-ubyte", corpus("labels.idx1"), idx);
    for (int i = 1; i <= 5; i++) {
      Files.write(folder.resolve("data_batch_" + i + ".bin"), new byte[3073]);
    }
    fire("test_batch.bin", new byte[3073], file -> all(Datasets.open("cifar10:" + folder, 2, 1)));
  }

  @Test
  void pickles() throws IOException {
    Fire.Reader reader =
        file ->
            all(Imagenet64.open(new CacheFolder(folder.resolve("cache")), file.getParent(), 2, 1));
    for (String protocol : new String[] {"python2", "protocol2", "protocol4", "protocol5"}) {
      try (GZIPInputStream in =
          new GZIPInputStream(
              Files.newInputStream(Path.of("tests/golden/imagenet64", protocol + ".pickle.gz")))) {
        byte[] whole = in.readAllBytes();
        Files.write(folder.resolve("val_data"), whole);
        fire("train_data_batch_1", whole, reader);
      }
    }
  }

  @Test
  void tarShards() throws IOException {
    byte[] png = Pictures.encoded(Pictures.plain(3, 3, 0xff), "png");
    Path shard = folder.resolve("whole.tar");
    TarShardsTest.write(shard, Map.of("a.png", png, "a.cls", new byte[] {'1'}, "b.png", png));
    fire(
        "shard.tar",
        Files.readAllBytes(shard),
        file -> all(Datasets.open("tar:" + file, 2, 1, LIMITS)));
  }

  /** Of each codec that Parquet's own reader has without natives of Hadoop's. */
  @Test
  void parquetShards() throws IOException {
    for (CompressionCodecName codec :
        List.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD)) {
      Path whole = ParquetShardsTest.write(folder.resolve("whole-" + codec + ".parquet"), codec);
      fire(codec + ".parquet", Files.readAllBytes(whole), this::readParquet);
    }
  }

  /** Into a cache of its own: equal size and time would otherwise be taken for an equal file. */
  private void readParquet(Path file) throws IOException {
    Path cache = Files.createTempDirectory(folder, "cache");
    all(
        new ParquetShards(new CacheFolder(cache), 2, 3, LIMITS, ImageFolder.Damaged.FAIL)
            .open(file));
  }

  /** The last 8 bytes are the length of what is before them, and a word. */
  @Test
  void lengthsThatNoParquetFileHasAreRefused() throws IOException {
    Path file = folder.resolve("a.parquet");
    byte[] whole =
        Files.readAllBytes(ParquetShardsTest.write(file, CompressionCodecName.UNCOMPRESSED));
    for (int length :
        new int[] {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, whole.length, 1 << 30}) {
      byte[] bytes = whole.clone();
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 8, length);
      Files.write(file, bytes);
      assertThatThrownBy(() -> readParquet(file))
          .as("length %d", length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": not a Parquet file of images: ");
    }
  }

  /** Of files, long names, long links, and heads of heads; their checksums are right. */
  @Test
  void sizesThatNoTarFileHasAreRefused() throws IOException {
    Path shard = folder.resolve("a.tar");
    for (char kind : new char[] {'0', 'L', 'K', 'x', 'g'}) {
      for (long size : new long[] {1L << 20, 1L << 31, 1L << 40, Long.MAX_VALUE, -1}) {
        Files.write(shard, TarShardsTest.head("a.png", kind, size));
        assertThatThrownBy(() -> all(Datasets.open("tar:" + shard, 2, 1, LIMITS)))
            .as("%s of %d bytes", kind, size)
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith(shard + ": not a readable tar file: ");
      }
    }
  }

  @Test
  void resourcesAndEmoji() throws IOException {
    fire("a.rcc", corpus("tiny.rcc"), QtResource::read);
    fire("emoji.xz", corpus("emoji.xz"), EmojiPack::read);
  }

  private static byte[] corpus(String name) throws IOException {
    return Files.readAllBytes(CORPUS.resolve(name));
  }

  private static void all(Dataset set) throws IOException {
    for (ImageSource source : new ImageSource[] {set.train(), set.test()}) {
      for (int i = 0; i < Math.min(20, source.size()); i++) {
        Pictures.read(source, i);
      }
    }
  }

  private void fire(String name, byte[] whole, Fire.Reader reader) throws IOException {
    Fire.at(folder.resolve(name), whole, reader);
  }
}
