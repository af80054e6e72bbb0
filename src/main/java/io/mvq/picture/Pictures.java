package io.mvq.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** Saves pictures as PNG files, each whole or not at all. */
final class Pictures {
  private Pictures() {}

  private interface Writer {
    void write(OutputStream out) throws IOException;
  }

  static void save(Path png, BufferedImage image) throws IOException {
    save(png, out -> ImageIO.write(image, "png", out));
  }

  static void save(Path png, Chart<?, ?> chart) throws IOException {
    save(png, out -> BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG));
  }

  private static void save(Path png, Writer writer) throws IOException {
    Path whole = png.toAbsolutePath();
    Files.createDirectories(whole.getParent());
    Path partial =
        whole.resolveSibling(
            "." + whole.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
    try {
      try (OutputStream out = Files.newOutputStream(partial)) {
        writer.write(out);
      }
      Files.move(
          partial, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
