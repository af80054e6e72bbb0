package io.mvq.data.format;

/** Texts out of damaged files, as they may be shown in one line of an error. */
final class Printable {
  private Printable() {}

  private static final int LONGEST = 100;

  /** With anything but printable ASCII as question marks, and not too long. */
  static String of(String text) {
    String line = text.replaceAll("[^ -~]", "?");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
