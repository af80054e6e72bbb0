package io.mvq.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagesTest {
  @TempDir Path folder;
  private Path programs;
  private Path calls;
  private Path tgz;
  private String sha256;

  @BeforeEach
  void makePackageAndClients() throws Exception {
    programs = Files.createDirectory(folder.resolve("bin"));
    calls = folder.resolve("calls");
    Path content = Files.createDirectories(folder.resolve("content/package"));
    Files.writeString(content.resolve("index.js"), "hello");
    tgz = folder.resolve("made.tgz");
    Process tar =
        new ProcessBuilder("tar", "-czf", tgz.toString(), "-C", content.getParent() + "", "package")
            .start();
    assertThat(tar.waitFor()).isZero();
    sha256 = Checksum.sha256(tgz);
    program("npm", "echo npm \"$@\" >> " + calls + "; cp " + tgz + " thing-1.0.tgz");
    program("apt-get", "echo apt-get \"$@\" >> " + calls + "; cp " + tgz + " thing_1.0_all.deb");
    program("dpkg-deb", "tar -xzf \"$2\" -C \"$3\"");
    program("tar", "exec tar \"$@\"");
  }

  @Test
  void anNpmPackageIsFetchedOnceAndUnpacked() throws IOException {
    Path unpacked = npm("@scope/thing");
    assertThat(unpacked.resolve("package/index.js")).hasContent("hello");
    assertThat(unpacked).isEqualTo(folder.resolve("cache/npm/@scope+thing-1.0"));
    assertThat(npm("@scope/thing")).isEqualTo(unpacked);
    assertThat(Files.readAllLines(calls))
        .containsExactly("npm pack --silent --ignore-scripts @scope/thing@1.0");
    assertThat(names(unpacked)).containsExactly("package");
  }

  @Test
  void aDebianPackageIsFetchedOnceAndUnpackedWithoutInstalling() throws IOException {
    Path unpacked = packages().fetchDebian(thing("1.0"));
    assertThat(unpacked.resolve("package/index.js")).hasContent("hello");
    packages().fetchDebian(thing("1.0"));
    packages().fetchDebian(thing("1:1.0-2"));
    assertThat(Files.readAllLines(calls))
        .containsExactly(
            "apt-get -q -o APT::Sandbox::User=root download thing=1.0",
            "apt-get -q -o APT::Sandbox::User=root download thing=1:1.0-2");
    assertThat(names(unpacked)).containsExactly("package");
  }

  @Test
  void anotherChecksumIsRefusedAndLeavesNothing() throws IOException {
    String other = "0".repeat(64);
    assertThatThrownBy(() -> packages().fetchNpm("thing", "1.0", other))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "thing-1.0.tgz: its SHA-256 must be "
                + other
                + ", got "
                + sha256
                + "; the download is damaged or was exchanged, and is not used");
    assertThatThrownBy(() -> packages().fetchDebian(new DebianPackage("thing", "1.0", other)))
        .hasMessageStartingWith("thing_1.0_all.deb: its SHA-256 must be 0000");
    assertThat(names(folder.resolve("cache/npm"))).containsExactly("thing-1.0.lock");
    assertThat(npm("thing").resolve("package/index.js")).exists();
  }

  @Test
  void aMissingClientIsNamedWithTheDebianPackageThatBringsIt() throws IOException {
    Files.delete(programs.resolve("npm"));
    Files.delete(programs.resolve("dpkg-deb"));
    assertThatThrownBy(() -> npm("thing"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot fetch npm package thing@1.0: no program npm; on Debian or Ubuntu: apt-get"
                + " install npm");
    assertThatThrownBy(() -> packages().fetchDebian(thing("1.0")))
        .hasMessage(
            "cannot unpack thing=1.0: no program dpkg-deb; on Debian or Ubuntu: apt-get install dpkg");
  }

  @Test
  void aFailingClientIsQuotedByItsFirstUsefulLine() throws IOException {
    program(
        "npm",
        "echo npm error code ENOTFOUND >&2; echo npm error network request failed >&2; exit 3");
    assertThatThrownBy(() -> npm("thing"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot fetch npm package thing@1.0: npm ended with status 3: npm error network"
                + " request failed; the first use needs a network, later ones do not");
    program("apt-get", "echo Reading lists; echo 'E: Unable to locate package thing'; exit 100");
    assertThatThrownBy(() -> packages().fetchDebian(thing("1.0")))
        .hasMessageContaining("apt-get ended with status 100: E: Unable to locate package thing")
        .hasMessageEndingWith(
            "; where apt knows no such version, get that .deb from Debian's archive and unpack it:"
                + " dpkg-deb -x FILE "
                + folder.resolve("cache/debian/thing-1.0"));
    program("apt-get", "exit 1");
    assertThatThrownBy(() -> packages().fetchDebian(thing("1.0")))
        .hasMessageContaining("(it said nothing)");
    program("apt-get", "true");
    assertThatThrownBy(() -> packages().fetchDebian(thing("1.0")))
        .hasMessage("apt-get download thing=1.0 must leave one .deb file, left []");
  }

  @Test
  void aHalfFinishedDownloadIsNeverUsed() throws IOException {
    Path half = Files.createDirectories(folder.resolve("cache/npm/thing-1.0.part/package"));
    Files.writeString(half.resolve("index.js"), "hal");
    Files.writeString(half.resolve("other.js"), "of another try");
    Path unpacked = npm("thing");
    assertThat(unpacked.resolve("package/index.js")).hasContent("hello");
    assertThat(names(unpacked.resolve("package"))).containsExactly("index.js");
    assertThat(half).doesNotExist();
  }

  @Test
  void severalAtOnceFetchOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Path>> paths =
          IntStream.range(0, 4).mapToObj(i -> threads.submit(() -> npm("thing"))).toList();
      for (Future<Path> path : paths) {
        assertThat(path.get().resolve("package/index.js")).hasContent("hello");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(Files.readAllLines(calls)).hasSize(1);
  }

  @Test
  void namesThatCouldBeFlagsOrPathsAreRefused() {
    assertThatThrownBy(() -> npm("../thing"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name of an npm package must be like")
        .hasMessageEndingWith("got \"../thing\"");
    assertThatThrownBy(() -> packages().fetchDebian(new DebianPackage("-o", "1.0", sha256)))
        .hasMessageStartingWith("name of a Debian package must be like");
    assertThatThrownBy(() -> packages().fetchNpm("thing", "--x", sha256))
        .hasMessageStartingWith("version must be like");
    assertThatThrownBy(() -> packages().fetchNpm("thing", "1.0", "abc"))
        .hasMessage("sha256 must be like [0-9a-f]{64}, got \"abc\"");
  }

  @Test
  void theCacheFolderIsTheUsers() {
    assertThat(CacheFolder.of(Map.of("MVQ_CACHE", "/m", "XDG_CACHE_HOME", "/x"), "/home/u").root())
        .isEqualTo(Path.of("/m"));
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "/x"), "/home/u").root())
        .isEqualTo(Path.of("/x/mvq"));
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "relative"), "/home/u").root())
        .isEqualTo(Path.of("/home/u/.cache/mvq"));
  }

  private Packages packages() {
    return new Packages(new CacheFolder(folder.resolve("cache")), programs);
  }

  private Path npm(String name) throws IOException {
    return packages().fetchNpm(name, "1.0", sha256);
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private DebianPackage thing(String version) {
    return new DebianPackage("thing", version, sha256);
  }
}
