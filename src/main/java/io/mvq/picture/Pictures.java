package io.mvq.picture;

import io.mvq.files.OutputFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** Pictures as files, whole or not there. */
final class Pictures {
  private Pictures() {}

  static void save(Path png, BufferedImage image) throws IOException {
    OutputFile.write(png, out -> ImageIO.write(image, "png", out));
  }

  static void save(Path png, Chart<?, ?> chart) throws IOException {
    OutputFile.write(png, out -> BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG));
  }
}
