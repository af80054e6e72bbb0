package io.mvq.picture;

import io.mvq.files.OutputFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/** Pictures as files, whole or not there. */
final class Pictures {
  private Pictures() {}

  static void save(Path png, BufferedImage image) throws IOException {
    byte[] bytes = png(image);
    OutputFile.write(png, out -> out.write(bytes));
  }

  static void save(Path png, Chart<?, ?> chart) throws IOException {
    save(png, BitmapEncoder.getBufferedImage(chart));
  }

  /** Made in memory: Java's own way needs a file in the folder of temporary ones. */
  static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("this Java writes no PNG files");
      }
    }
    return bytes.toByteArray();
  }
}
