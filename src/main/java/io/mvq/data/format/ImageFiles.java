package io.mvq.data.format;

import io.mvq.files.FileFault;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** PNG, JPEG and WebP files: which they are, whether they can be read, and their pixels. */
public final class ImageFiles {
  private ImageFiles() {}

  /** Larger files are refused unread. */
  private static final long MOST_BYTES = 1L << 29;

  /** Enough to know the kind by. */
  private static final int MAGIC = 12;

  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "webp");

  /** Whether the file name ends like an image's. */
  public static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && ENDINGS.contains(ending);
  }

  /** Reads the header only; throws when the file is no image or beyond the limits. */
  public static void check(Path file, ImageLimits limits) throws IOException {
    try {
      requireSize(file);
      try (InputStream in = Files.newInputStream(file)) {
        use(file.toString(), in, limits, ImageReader::getMinIndex);
      }
    } catch (FileSystemException e) {
      throw new IOException(FileFault.text(e), e);
    }
  }

  /**
   * Decodes the whole file, turned as its EXIF orientation says; throws when it is damaged
   * anywhere, even if a part could be shown.
   */
  public static Raster decode(Path file, ImageLimits limits) throws IOException {
    try {
      requireSize(file);
      return decode(file.toString(), Files.readAllBytes(file), limits);
    } catch (FileSystemException e) {
      throw new IOException(FileFault.text(e), e);
    }
  }

  /** Decodes a file's bytes; {@code where} names it in errors. */
  public static Raster decode(String where, byte[] bytes, ImageLimits limits) throws IOException {
    byte[] readable = Webp.isWebp(bytes) ? Webp.withoutBadProfile(bytes) : bytes;
    Raster image =
        use(where, new ByteArrayInputStream(readable), limits, reader -> Raster.of(decode(reader)));
    return image.turned(Exif.orientation(bytes));
  }

  /** Of a reader whose image was found to be within the limits. */
  interface Use<T> {
    T of(ImageReader reader) throws IOException;
  }

  static <T> T use(String where, InputStream in, ImageLimits limits, Use<T> use)
      throws IOException {
    try {
      return Deadline.within(limits.deadline(), () -> read(in, limits, use));
    } catch (InterruptedIOException e) {
      throw e; // no fault of the image
    } catch (IOException e) {
      throw new IOException(
          e instanceof Refused
              ? where + ": " + e.getMessage()
              : where + ": damaged image: " + firstLine(e),
          e);
    }
  }

  private static <T> T read(InputStream in, ImageLimits limits, Use<T> use) throws IOException {
    try (ImageInputStream stream = new EndingStream(in)) {
      ImageReader reader = reader(stream);
      try {
        reader.setInput(stream, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels < 1 || pixels > limits.pixels()) {
          throw new Refused(
              String.format(
                  Locale.ROOT,
                  "%d x %d pixels, must be 1 to %,d in all",
                  reader.getWidth(0),
                  reader.getHeight(0),
                  limits.pixels()));
        }
        return use.of(reader);
      } finally {
        reader.dispose();
      }
    }
  }

  /** By the first bytes, whatever the name; no other of Java's decoders is let near a file. */
  private static ImageReader reader(ImageInputStream stream) throws IOException {
    byte[] magic = new byte[MAGIC];
    stream.mark();
    int length = Math.max(0, stream.read(magic));
    stream.reset();
    String format = null;
    if (length >= 8 && (magic[0] & 255) == 0x89 && magic[1] == 'P' && magic[2] == 'N') {
      format = "png";
    } else if (length >= 3 && (magic[0] & 255) == 0xff && (magic[1] & 255) == 0xd8) {
      format = "jpeg";
    } else if (length == MAGIC && Webp.isWebp(magic)) {
      format = "webp";
    }
    if (format == null) {
      throw new Refused("not a PNG, JPEG or WebP image");
    }
    return ImageIO.getImageReadersByFormatName(format).next();
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

  private static void requireSize(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: %,d bytes, an image file must be at most %,d",
              file,
              Files.size(file),
              MOST_BYTES));
    }
  }

  private static String firstLine(IOException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse("unknown");
  }

  /** Not damaged, but not wanted. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }
}
