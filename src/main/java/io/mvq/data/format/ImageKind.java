package io.mvq.data.format;

import java.util.Locale;
import java.util.Set;

/** The kinds of image files that are read, by how their names end and their bytes begin. */
enum ImageKind {
  PNG("png"),
  JPEG("jpg", "jpeg"),
  WEBP("webp"),
  /** Of an animation the first picture. */
  GIF("gif"),
  BMP("bmp"),
  /** Of several pages the first. */
  TIFF("tif", "tiff");

  /** As errors name them. */
  static final String NAMES = "PNG, JPEG, WebP, GIF, BMP or TIFF";

  /** As errors name their files' endings. */
  static final String ENDINGS = ".png, .jpg, .jpeg, .webp, .gif, .bmp, .tif or .tiff";

  /** Bytes that tell the kind. */
  static final int MAGIC = 12;

  private final Set<String> endings;

  ImageKind(String... endings) {
    this.endings = Set.of(endings);
  }

  /** Whether a file of this name should be an image. */
  static boolean isNamed(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    for (ImageKind kind : values()) {
      if (kind.endings.contains(ending)) {
        return true;
      }
    }
    return false;
  }

  /** By the first bytes of a file; null for none of these. */
  static ImageKind of(byte[] start, int length) {
    if (length >= 8 && begins(start, 0x89, 'P', 'N')) {
      return PNG;
    } else if (length >= 3 && begins(start, 0xff, 0xd8)) {
      return JPEG;
    } else if (length >= MAGIC && Webp.isWebp(start)) {
      return WEBP;
    } else if (length >= 6 && begins(start, 'G', 'I', 'F', '8')) {
      return GIF;
    } else if (length >= MAGIC && begins(start, 'B', 'M')) {
      return BMP;
    } else if (length >= 8 && isTiff(start)) {
      return TIFF;
    }
    return null;
  }

  /** Whether a file begins as a TIFF does, in either byte order. */
  static boolean isTiff(byte[] start) {
    return begins(start, 'I', 'I', 42, 0) || begins(start, 'M', 'M', 0, 42);
  }

  private static boolean begins(byte[] start, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= start.length || (start[i] & 255) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
