package io.mvq.data.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Packages of the npm registry and of Debian, fetched once by their ordinary clients and unpacked
 * into the cache folder: MVQ_CACHE, else XDG_CACHE_HOME/mvq, else ~/.cache/mvq. Nothing is
 * installed, no script of a package is run, and no rights are needed.
 */
public final class Packages {
  private static final Pattern NPM_NAME = Pattern.compile("(@[a-z0-9._-]+/)?[a-z0-9][a-z0-9._-]*");
  static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.+:~-]*");
  static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final CacheFolder cache;
  private final ClientProgram npm;
  private final ClientProgram aptGet;
  private final ClientProgram dpkgDeb;
  private final ClientProgram tar;

  /**
   * @param programs folder of the client programs; null to search the PATH
   */
  public Packages(CacheFolder cache, Path programs) {
    this.cache = cache;
    npm = ClientProgram.of(programs, "npm", "npm");
    aptGet = ClientProgram.of(programs, "apt-get", "apt");
    dpkgDeb = ClientProgram.of(programs, "dpkg-deb", "dpkg");
    tar = ClientProgram.of(programs, "tar", "tar");
  }

  /** The ordinary clients and cache folder. */
  public static Packages ofThisUser() {
    return new Packages(CacheFolder.ofThisUser(), null);
  }

  /**
   * The unpacked folder of an npm package; its files lie in {@code package/} below it.
   *
   * @param name e.g. {@code nsfwjs} or {@code @lobehub/fluent-emoji-3d}
   * @param sha256 of the .tgz, 64 lower-case hexadecimal digits; another one is refused
   */
  public static Path npm(String name, String version, String sha256) throws IOException {
    return ofThisUser().fetchNpm(name, version, sha256);
  }

  /** As {@link #npm}. */
  public Path fetchNpm(String name, String version, String sha256) throws IOException {
    require("name of an npm package", name, NPM_NAME);
    require("version", version, VERSION);
    require("sha256", sha256, SHA256);
    String spec = name + "@" + version;
    return cache.keep(
        "npm/" + name.replace('/', '+') + "-" + version,
        folder -> {
          Path download = Files.createDirectory(folder.resolve("download"));
          npm.run(
              "fetch npm package " + spec,
              download,
              List.of("pack", "--silent", "--ignore-scripts", spec));
          Path tgz = only(download, ".tgz", "npm pack " + spec);
          Checksum.require(tgz, sha256);
          tar.run("unpack " + spec, folder, List.of("-xzf", tgz.toString(), "--no-same-owner"));
          CacheFolder.delete(download);
        });
  }

  /**
   * The unpacked folder of a Debian package; its files lie at their places, e.g. {@code usr/share},
   * below it.
   */
  public Path fetchDebian(DebianPackage wanted) throws IOException {
    String spec = wanted.name() + "=" + wanted.version();
    return cache.keep(
        wanted.entry(),
        folder -> {
          Path download = Files.createDirectory(folder.resolve("download"));
          try {
            aptGet.run(
                "fetch Debian package " + spec,
                download,
                // apt's own unprivileged user may not write here; as root it would only warn.
                List.of("-q", "-o", "APT::Sandbox::User=root", "download", spec));
          } catch (IOException e) {
            throw new IOException(
                String.format(
                    Locale.ROOT,
                    "%s; where apt knows no such version, get that .deb from Debian's archive and"
                        + " unpack it: dpkg-deb -x FILE %s",
                    e.getMessage(),
                    cache.root().resolve(wanted.entry())),
                e);
          }
          Path deb = only(download, ".deb", "apt-get download " + spec);
          Checksum.require(deb, wanted.sha256());
          dpkgDeb.run("unpack " + spec, folder, List.of("-x", deb.toString(), folder.toString()));
          CacheFolder.delete(download);
        });
  }

  private static Path only(Path folder, String ending, String command) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(file -> file.toString().endsWith(ending)).forEach(found::add);
    }
    if (found.size() != 1) {
      throw new IOException(command + " must leave one " + ending + " file, left " + found);
    }
    return found.get(0);
  }

  static void require(String what, String value, Pattern pattern) {
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what + " must be like " + pattern + ", got \"" + value + "\"");
    }
  }
}
