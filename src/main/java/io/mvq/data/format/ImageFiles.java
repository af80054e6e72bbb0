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
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * PNG, JPEG, WebP, GIF, BMP and TIFF files: which they are, whether they can be read, and their
 * pixels.
 */
public final class ImageFiles {
  private ImageFiles() {}

  /** Larger files are refused unread. */
  private static final long MOST_BYTES = 1L << 29;

  /** How the names of image files end, for errors. */
  public static final String ENDINGS = ImageKind.ENDINGS;

  /** Of a channel: what floats and wider numbers mean, no file says. */
  private static final int MOST_BITS = 16;

  /** Whether the file name ends like an image's. */
  public static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && ImageKind.isNamed(name);
  }

  /** Reads the header only; throws when the file is no image or beyond the limits. */
  public static void check(Path file, ImageLimits limits) throws IOException {
    try {
      requireSize(file.toString(), Files.size(file));
      try (InputStream in = Files.newInputStream(file)) {
        check(file.toString(), in, limits);
      }
    } catch (FileSystemException e) {
      throw new IOException(FileFault.text(e), e);
    }
  }

  /** The same of a stream; {@code where} names it in errors. */
  public static void check(String where, InputStream in, ImageLimits limits) throws IOException {
    use(where, in, limits, ImageReader::getMinIndex);
  }

  /**
   * Decodes the whole file, turned as its EXIF orientation says; throws when it is damaged
   * anywhere, even if a part could be shown.
   */
  public static Raster decode(Path file, ImageLimits limits) throws IOException {
    try {
      requireSize(file.toString(), Files.size(file));
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
    byte[] magic = new byte[ImageKind.MAGIC];
    stream.mark();
    int length = 0;
    for (int got = 0; got >= 0 && length < magic.length; length += Math.max(0, got)) {
      got = stream.read(magic, length, magic.length - length);
    }
    stream.reset();
    ImageKind kind = ImageKind.of(magic, length);
    if (kind == null) {
      throw new Refused("not a " + ImageKind.NAMES + " image");
    }
    return ImageIO.getImageReadersByFormatName(kind.name().toLowerCase(Locale.ROOT)).next();
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
    for (int bits : image.getColorModel().getComponentSize()) {
      if (bits > MOST_BITS) {
        throw new Refused(bits + " bits a channel, must be at most " + MOST_BITS);
      }
    }
    return image;
  }

  /** Throws if an image of so many bytes is not to be read at all. */
  public static void requireSize(String where, long bytes) throws IOException {
    if (bytes > MOST_BYTES) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: %,d bytes, an image file must be at most %,d",
              where,
              bytes,
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
