package io.mvq.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a .npy file says of its array before the data: "\x93NUMPY", the version, the length of the
 * rest, and a Python dict of exactly {@code descr}, {@code fortran_order} and {@code shape}. Any
 * other text is refused; nothing is evaluated.
 *
 * @param shape sizes of at least 0; empty for a single number
 */
record NpyHeader(NpyType type, boolean fortran, int[] shape) {
  private static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
  private static final int LONGEST = 1 << 16;
  private static final int MOST_DIMENSIONS = 32; // NumPy's own limit

  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']{1,64})'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\sL]*)\\)");

  /**
   * Reads up to the first byte of data.
   *
   * @param where names the file in errors
   */
  static NpyHeader read(InputStream in, String where) throws IOException {
    byte[] start = in.readNBytes(10);
    if (start.length < 10 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw new IOException(where + ": not a NumPy array: it does not begin with \\x93NUMPY");
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw new IOException(where + ": its version must be 1 to 3, got " + (version & 255));
    }
    ByteBuffer numbers = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    long length = numbers.getShort(8) & 0xffff;
    if (version > 1) {
      byte[] more = in.readNBytes(2);
      if (more.length < 2) {
        throw new IOException(where + ": truncated within its header");
      }
      length |= (long) (more[0] & 255) << 16 | (long) (more[1] & 255) << 24;
    }
    if (length > LONGEST) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: its header must be at most %d bytes, got %d",
              where,
              LONGEST,
              length));
    }
    byte[] text = in.readNBytes((int) length);
    if (text.length < length) {
      throw new IOException(where + ": truncated within its header");
    }
    return parse(new String(text, StandardCharsets.UTF_8).strip(), where);
  }

  private static NpyHeader parse(String dict, String where) throws IOException {
    String descr = value(DESCR, dict, where);
    String order = value(ORDER, dict, where);
    String shape = value(SHAPE, dict, where);
    NpyType type = NpyType.of(descr);
    if (type == null) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: its type must be of whole numbers, floats or bools, got %s",
              where,
              Printable.of(descr)));
    }
    String rest = dict;
    for (Pattern known : List.of(DESCR, ORDER, SHAPE)) {
      rest = known.matcher(rest).replaceFirst("");
    }
    if (!rest.matches("\\{[\\s,]*\\}") || shape.strip().startsWith(",")) {
      throw noDict(dict, where);
    }
    String[] sizes = shape.isBlank() ? new String[0] : shape.strip().split("\\s*,\\s*");
    if (sizes.length > MOST_DIMENSIONS) {
      throw new IOException(where + ": must be of at most 32 dimensions, got " + sizes.length);
    }
    int[] numbers = new int[sizes.length];
    for (int i = 0; i < numbers.length; i++) {
      try {
        numbers[i] = Integer.parseInt(sizes[i].replaceFirst("L$", ""));
      } catch (NumberFormatException e) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: size %d of its shape must be 0 to %,d, got \"%s\"",
                where,
                i,
                Integer.MAX_VALUE,
                Printable.of(sizes[i])),
            e);
      }
    }
    return new NpyHeader(type, order.equals("True"), numbers);
  }

  private static String value(Pattern pattern, String dict, String where) throws IOException {
    Matcher found = pattern.matcher(dict);
    if (!dict.startsWith("{") || !dict.endsWith("}") || !found.find()) {
      throw noDict(dict, where);
    }
    return found.group(1);
  }

  private static IOException noDict(String text, String where) {
    return new IOException(
        where
            + ": not a NumPy array: its header must be a dict of descr, fortran_order and shape, got "
            + Printable.of(text));
  }

  /** Writes version 1.0, padded so that the data begins at a multiple of 64. */
  void write(OutputStream out) throws IOException {
    StringBuilder sizes = new StringBuilder();
    for (int size : shape) {
      sizes.append(size).append(", ");
    }
    String tuple =
        shape.length == 1 ? shape[0] + "," : sizes.substring(0, Math.max(0, sizes.length() - 2));
    String dict =
        "{'descr': '"
            + type.descr()
            + "', 'fortran_order': "
            + (fortran ? "True" : "False")
            + ", 'shape': ("
            + tuple
            + "), }";
    int length = (dict.length() + 1 + 10 + 63) / 64 * 64 - 10;
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) length, (byte) (length >> 8)});
    out.write(
        (dict + " ".repeat(length - 1 - dict.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
  }
}
