package io.mvq.spark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;

/** What the tests have in common: a session in this process, pictures, a model. */
final class SparkTests {
  private SparkTests() {}

  /** An export as {@code mvq export} makes it. */
  static Path emoji() {
    return Path.of(System.getProperty("mvq.emoji"));
  }

  /** One for all tests of this process; its two threads are its executor. */
  static SparkSession session() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 3)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    return spark;
  }

  /** Coloured blocks, other ones for every number. */
  static BufferedImage picture(int number) {
    SplittableRandom random = new SplittableRandom(number);
    BufferedImage picture =
        new BufferedImage(
            20 + random.nextInt(60), 20 + random.nextInt(60), BufferedImage.TYPE_INT_RGB);
    int[] colours = random.ints(16, 0, 1 << 24).toArray();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int block = x * 4 / picture.getWidth() + 4 * (y * 4 / picture.getHeight());
        picture.setRGB(x, y, colours[block]);
      }
    }
    return picture;
  }

  static byte[] png(int number) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(picture(number), "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first half of a file. */
  static byte[] half(byte[] file) {
    return Arrays.copyOf(file, file.length / 2);
  }

  /** Picture 0 and on, every so many cut in half; {@code 0} for none. */
  static Path folder(Path folder, int count, int damagedEvery) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      boolean damaged = damagedEvery > 0 && i % damagedEvery == 3;
      Files.write(folder.resolve(i + ".png"), damaged ? half(png(i)) : png(i));
    }
    return folder;
  }
}
