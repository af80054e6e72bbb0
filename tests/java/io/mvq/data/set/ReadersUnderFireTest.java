package io.mvq.data.set;

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
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPInputStream;
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
