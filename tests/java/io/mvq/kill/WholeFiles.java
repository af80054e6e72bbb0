package io.mvq.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mvq.files.Manifest;
import io.mvq.train.RunLog;
import io.mvq.train.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.PointerScope;

/** Whether every file at a final name is whole, whenever its writer was killed. */
final class WholeFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WholeFiles() {}

  /** Reads every file below a folder that has not the name of an unfinished one. */
  static void require(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    for (Path file : files(folder)) {
      String name = file.getFileName().toString();
      boolean unfinished =
          name.startsWith(".") || folder.relativize(file).toString().contains(".new/");
      if (!unfinished) {
        read(file, name);
      }
    }
  }

  /** All files below a folder, in order. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void read(Path file, String name) throws IOException {
    try (PointerScope scope = new PointerScope()) {
      if (name.endsWith(".safetensors")) {
        Safetensors.read(file);
      } else if (name.endsWith(".json")) {
        assertThat(JSON.readTree(file.toFile()).isObject()).as(file.toString()).isTrue();
      } else if (name.endsWith(".png")) {
        assertThat(ImageIO.read(file.toFile())).as(file.toString()).isNotNull();
      } else if (name.endsWith(".npz")) {
        readZip(file);
      } else if (name.equals(Manifest.FILE)) {
        assertThat(Manifest.read(file.getParent()).verify(file.getParent()).values())
            .as(file.toString())
            .containsOnly(Manifest.State.WHOLE);
      } else if (name.equals(RunLog.CSV)) {
        RunLog.read(file);
      }
    }
  }

  private static void readZip(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        assertThat(zip.getInputStream(entry).readAllBytes()).as(entry.getName()).isNotEmpty();
      }
    }
  }
}
