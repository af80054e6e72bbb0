package io.mvq.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embedded sets where no checkout is: mvq.home is an empty folder. */
class EmbeddedTest {
  private static final String ROOT = "io/mvq/data/embedded/";
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final String home = System.getProperty("mvq.home");
  @TempDir Path folder;

  @BeforeEach
  void leaveTheCheckout() throws IOException {
    System.setProperty("mvq.home", Files.createDirectory(folder.resolve("empty")).toString());
  }

  @AfterEach
  void comeBack() {
    Thread.currentThread().setContextClassLoader(loader);
    if (home == null) {
      System.clearProperty("mvq.home");
    } else {
      System.setProperty("mvq.home", home);
    }
  }

  private static List<String> names() throws IOException {
    try (var files = Files.list(Path.of("data/clothes"))) {
      return files.map(file -> Path.of("data").relativize(file).toString()).toList();
    }
  }

  /** A jar as modules/data makes one, in a folder whose name URLs write otherwise. */
  private Path jar() throws IOException {
    Path jar = Files.createDirectory(folder.resolve("a b+ü")).resolve("mvq-data.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      // The jar plugin writes folders too, and only so a folder is found.
      for (String name : List.of("io/", "io/mvq/", "io/mvq/data/", ROOT, ROOT + "clothes/")) {
        out.putNextEntry(new ZipEntry(name));
      }
      for (String name : names()) {
        out.putNextEntry(new ZipEntry(ROOT + name));
        Files.copy(Path.of("data", name), out);
      }
    }
    return jar;
  }

  private static void putOnTheClassPath(Path place) throws IOException {
    URL[] urls = {place.toUri().toURL()};
    Thread.currentThread().setContextClassLoader(new URLClassLoader(urls, null));
  }

  private static byte[] image(Dataset clothes) throws IOException {
    byte[] pixels = new byte[28 * 28];
    clothes.test().read(7, pixels);
    return pixels;
  }

  @Test
  void clothesAreReadFromAJarAsFromTheCheckout() throws IOException {
    putOnTheClassPath(jar());
    Dataset packed = Datasets.open("clothes", 28, 1);
    Dataset again = Datasets.open("clothes", 28, 1);
    System.clearProperty("mvq.home");
    Dataset checkout = Datasets.open("clothes", 28, 1);
    assertThat(packed.train().size()).isEqualTo(checkout.train().size());
    assertThat(image(packed)).isEqualTo(image(checkout)).isEqualTo(image(again));
    assertThat(Arrays.equals(image(packed), new byte[28 * 28])).isFalse();
  }

  @Test
  void clothesAreReadFromAFolderOnTheClassPath() throws IOException {
    Path place = folder.resolve("classes/" + ROOT + "clothes");
    Files.createDirectories(place);
    for (String name : names()) {
      Files.copy(Path.of("data", name), place.resolve(Path.of(name).getFileName()));
    }
    putOnTheClassPath(folder.resolve("classes"));
    assertThat(Datasets.open("clothes", 28, 1).test().size()).isPositive();
  }

  @Test
  void whereNoneIsTheArtifactIsNamed() {
    assertThatThrownBy(() -> Datasets.open("clothes", 28, 1))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no embedded set at " + folder.resolve("empty/data/clothes"))
        .hasMessageContaining("add io.mvq:mvq-data to the class path")
        .hasMessageContaining("-Dmvq.home=FOLDER");
  }
}
