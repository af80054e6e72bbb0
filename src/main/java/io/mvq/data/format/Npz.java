package io.mvq.data.format;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A .npz: a zip file of one .npy an array. Each member's length and CRC are checked as it is read;
 * Java's own zip file does not.
 */
public final class Npz implements Closeable {
  private static final int MOST_MEMBERS = 10_000;

  private final Path file;
  private final ZipFile zip;

  private Npz(Path file, ZipFile zip) {
    this.file = file;
    this.zip = zip;
  }

  /** Opens a file; no member is read yet. */
  public static Npz open(Path file) throws IOException {
    try {
      ZipFile zip = new ZipFile(file.toFile());
      try {
        if (zip.size() > MOST_MEMBERS) {
          throw new ZipException("more than " + MOST_MEMBERS + " members");
        }
        zip.stream()
            .forEach(ZipEntry::getComment); // Java decodes texts now, and throws if it cannot
        return new Npz(file, zip);
      } catch (IOException | RuntimeException e) {
        zip.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new IOException("no file at " + file.toAbsolutePath(), e);
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + ": not a readable .npz: " + reason(e), e);
    }
  }

  /** Names of the arrays, sorted. */
  public List<String> names() {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(".npy"))
        .map(name -> name.substring(0, name.length() - 4))
        .sorted()
        .toList();
  }

  /** The array of a name; null if there is none. */
  public NpyArray find(String name) throws IOException {
    try (InputStream in = stream(name)) {
      return in == null ? null : NpyArray.read(in, where(name));
    }
  }

  /** The bytes of a member, whole .npy, checked when its end is reached; null if there is none. */
  InputStream stream(String name) throws IOException {
    ZipEntry entry = zip.getEntry(name + ".npy");
    if (entry == null) {
      return null;
    }
    try {
      return new BufferedInputStream(
          new Checked(zip.getInputStream(entry), entry, where(name)), 1 << 16);
    } catch (IOException | RuntimeException e) {
      throw new IOException(where(name) + ": damaged: " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : Printable.of(e.getMessage());
  }

  String where(String name) {
    return file + "!" + Printable.of(name);
  }

  /** Writes arrays by name, in their order; equal arrays give equal bytes. */
  public static void write(OutputStream out, Map<String, NpyArray> arrays) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (var array : new LinkedHashMap<>(arrays).entrySet()) {
      ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
      entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
      zip.putNextEntry(entry);
      array.getValue().write(zip);
      zip.closeEntry();
    }
    zip.finish();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** Throws at the end of a member that is not what the zip's directory says. */
  private static final class Checked extends InputStream {
    private final InputStream in;
    private final ZipEntry entry;
    private final String where;
    private final CRC32 crc = new CRC32();
    private long length;
    private boolean ended;

    Checked(InputStream in, ZipEntry entry, String where) {
      this.in = in;
      this.entry = entry;
      this.where = where;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      if (ended || most == 0) {
        return ended ? -1 : 0;
      }
      int got;
      try {
        got = in.read(into, from, most);
      } catch (IOException | RuntimeException e) {
        throw new IOException(where + ": damaged: " + reason(e), e);
      }
      if (got > 0) {
        crc.update(into, from, got);
        length += got;
        if (length > entry.getSize()) {
          throw wrong("length", entry.getSize(), length);
        }
        return got;
      }
      ended = true;
      if (length != entry.getSize()) {
        throw wrong("length", entry.getSize(), length);
      }
      if (crc.getValue() != entry.getCrc()) {
        throw wrong("CRC", entry.getCrc(), crc.getValue());
      }
      return -1;
    }

    private IOException wrong(String what, long expected, long got) {
      return new IOException(
          String.format(
              Locale.ROOT,
              "%s: damaged: its %s must be %d, as the zip file says, got %d",
              where,
              what,
              expected,
              got));
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
