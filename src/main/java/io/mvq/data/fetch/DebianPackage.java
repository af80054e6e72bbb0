package io.mvq.data.fetch;

import java.util.regex.Pattern;

/**
 * One version of a Debian package.
 *
 * @param name e.g. {@code mate-backgrounds}
 * @param version e.g. {@code 1.26.0-1}
 * @param sha256 of the .deb, 64 lower-case hexadecimal digits; another one is refused
 */
public record DebianPackage(String name, String version, String sha256) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]+");

  public DebianPackage {
    Packages.require("name of a Debian package", name, NAME);
    Packages.require("version", version, Packages.VERSION);
    Packages.require("sha256", sha256, Packages.SHA256);
  }

  /** Its entry in the cache. */
  String entry() {
    return "debian/" + name + "-" + version.replace(':', '+');
  }
}
