package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.export.Export;
import io.mvq.export.Precision;
import io.mvq.run.Pretrained;
import io.mvq.run.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models on the class path, packed as an artifact would hold them. */
class PretrainedTest {
  @TempDir static Path home;
  private static Path run;

  @BeforeAll
  static void trainOnce() throws IOException {
    run = TinyRun.train(home.resolve("run"), TinyRun.photos(home.resolve("photos")));
  }

  /** Without entries of folders, as some tools write jars. */
  private static URL jar(String file, Path resources) throws IOException {
    Path jar = home.resolve(file);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(resources)) {
      for (Path one : files.filter(Files::isRegularFile).sorted().toList()) {
        entries.putNextEntry(new JarEntry(resources.relativize(one).toString()));
        Files.copy(one, entries);
      }
    }
    return jar.toUri().toURL();
  }

  private interface Body {
    void run() throws IOException;
  }

  private static void with(List<URL> jars, Body body) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new), before)) {
      thread.setContextClassLoader(loader);
      body.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Exports the run as a model of a jar's resources. */
  private static void put(Path resources, String name, Precision precision) throws IOException {
    Path models = Files.createDirectories(resources.resolve("io/mvq/pretrained"));
    new Export(new Run(run), precision, false, null).to(models.resolve(name));
    Files.writeString(
        models.resolve("names"), name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void anExportedRunIsTheSameModelByItsName() throws IOException {
    Path first = home.resolve("first");
    put(first, "tiny-2", Precision.F32);
    put(first, "tiny-1", Precision.BF16);
    Path second = home.resolve("second");
    put(second, "other", Precision.F32);
    with(
        List.of(jar("first.jar", first), jar("second.jar", second)),
        () -> {
          assertThat(Pretrained.names()).contains("other", "tiny-1", "tiny-2");
          try (Tokenizer packed = Tokenizer.pretrained("tiny-2");
              Tokenizer half = Tokenizer.pretrained("tiny-1");
              Tokenizer whole = Tokenizer.load(run)) {
            assertThat(packed.info()).isEqualTo(whole.info());
            assertThat(half.info()).isEqualTo(whole.info());
            Code code = whole.encode(TinyRun.picture(40, 32, 3));
            assertThat(packed.encode(TinyRun.picture(40, 32, 3))).isEqualTo(code);
            assertThat(half.decode(code).getWidth()).isEqualTo(32);
            assertThat(packed.sample(2, null, 1)).hasSize(2);
          }
          assertThatThrownBy(() -> Tokenizer.pretrained("emoji"))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageStartingWith(
                  "no pretrained model \"emoji\" is on the class path; there are: ")
              .hasMessageContaining("tiny-1, tiny-2");
          assertThatThrownBy(() -> Tokenizer.pretrained("../run"))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void withoutAJarThatHoldsModelsThatIsSaid() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      thread.setContextClassLoader(empty);
      assertThatThrownBy(() -> Tokenizer.pretrained("emoji-2"))
          .hasMessage(
              "no pretrained model \"emoji-2\" is on the class path; there is none: add an artifact"
                  + " that holds some, e.g. mvq-model-emoji");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void aDamagedOrIncompleteModelIsRefused() throws IOException {
    Path resources = home.resolve("damaged");
    put(resources, "hurt", Precision.F32);
    put(resources, "lacking", Precision.F32);
    Path root = resources.resolve("io/mvq/pretrained");
    Path weights = root.resolve("hurt/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 9] ^= 1;
    Files.write(weights, bytes);
    Files.delete(root.resolve("lacking/config.json"));
    with(
        List.of(jar("damaged.jar", resources)),
        () -> {
          assertThatThrownBy(() -> Tokenizer.pretrained("hurt"))
              .isInstanceOf(IOException.class)
              .hasMessageContaining("model.safetensors is damaged");
          assertThatThrownBy(() -> Tokenizer.pretrained("lacking"))
              .hasMessage("the pretrained model lacking lacks its file config.json");
        });
  }
}
