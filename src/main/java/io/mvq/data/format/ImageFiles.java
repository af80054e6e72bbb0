package io.mvq.data.format;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** PNG, JPEG and WebP files: which they are, whether they can be read, and their pixels. */
public final class ImageFiles {
  private ImageFiles() {}

  /** A decoded image of this many pixels takes some 400 MB while it is scaled. */
  static final long MAX_PIXELS = 50_000_000;

  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "webp");

  /** Whether the file name ends like an image's. */
  public static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && ENDINGS.contains(ending);
  }

  /** Reads the header only; throws when the file is no image or too large. */
  public static void check(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      use(file.toString(), in, false);
    }
  }

  /** Decodes the whole file; throws when it is damaged anywhere, even if a part could be shown. */
  public static BufferedImage decode(Path file) throws IOException {
    return decode(file.toString(), Files.readAllBytes(file));
  }

  /** Decodes a file's bytes; {@code where} names it in errors. */
  public static BufferedImage decode(String where, byte[] bytes) throws IOException {
    return use(where, new ByteArrayInputStream(bytes), true);
  }

  private static BufferedImage use(String where, InputStream in, boolean whole) throws IOException {
    try (ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new IOException(where + ": not a PNG, JPEG or WebP image");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels < 1 || pixels > MAX_PIXELS) {
          throw new IOException(
              String.format(
                  "%s: %d x %d pixels, must be 1 to %,d in all",
                  where, reader.getWidth(0), reader.getHeight(0), MAX_PIXELS));
        }
        return whole ? decode(reader) : null;
      } catch (IOException | RuntimeException e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        throw reason.startsWith(where)
            ? new IOException(reason, e)
            : new IOException(where + ": damaged image: " + reason, e);
      } finally {
        reader.dispose();
      }
    }
  }

  /** The JPEG reader fills what is missing of a truncated file with grey and only warns. */
  private static BufferedImage decode(ImageReader reader) throws IOException {
    String[] damage = new String[1];
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          // "Extraneous bytes" are common in sound files.
          boolean harmless = warning.contains("extraneous");
          if ((warning.contains("Premature end") || warning.contains("Corrupt")) && !harmless) {
            damage[0] = warning;
          }
        });
    BufferedImage image = reader.read(0);
    if (damage[0] != null) {
      throw new IOException(damage[0]);
    }
    return image;
  }
}
