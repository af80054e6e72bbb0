package io.mvq.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  /** Of the empty text: FIPS 180-4's own example. */
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir Path folder;

  @BeforeEach
  void seal() throws IOException {
    Files.writeString(folder.resolve("a"), "");
    Files.writeString(folder.resolve("b"), "text");
    Files.writeString(folder.resolve("c"), "more");
    Manifest.seal(folder);
  }

  @Test
  void theListIsSha256sums() throws IOException {
    assertThat(Files.readAllLines(folder.resolve("SHA256SUMS")))
        .hasSize(3)
        .startsWith(EMPTY + "  a");
    Manifest read = Manifest.read(folder);
    read.require(folder.resolve("a"));
    read.require(folder.resolve("b"));
  }

  @Test
  void whatIsWholeAndWhatIsNotIsReported() throws IOException {
    Files.writeString(folder.resolve("b"), "tExt");
    Files.delete(folder.resolve("c"));
    Files.writeString(folder.resolve("d"), "new");
    Manifest read = Manifest.read(folder);
    assertThat(read.verify(folder))
        .containsEntry("a", Manifest.State.WHOLE)
        .containsEntry("b", Manifest.State.CHANGED)
        .containsEntry("c", Manifest.State.MISSING)
        .containsEntry("d", Manifest.State.UNLISTED)
        .hasSize(4);
    assertThatThrownBy(() -> read.require(folder.resolve("b")))
        .hasMessageMatching(".*/b is damaged: its SHA-256 is .{12}\\.\\.\\., SHA256SUMS lists .*");
    assertThatThrownBy(() -> read.require(folder.resolve("d")))
        .hasMessageContaining("is not listed in SHA256SUMS");
  }

  @Test
  void aDamagedOrMissingListIsNamed() throws IOException {
    Files.writeString(folder.resolve("SHA256SUMS"), EMPTY + "  ../../etc/passwd\n");
    assertThatThrownBy(() -> Manifest.read(folder))
        .hasMessageContaining("SHA256SUMS is damaged: it has the line");
    Files.delete(folder.resolve("SHA256SUMS"));
    assertThatThrownBy(() -> Manifest.read(folder))
        .hasMessage(folder + " has no SHA256SUMS, by which its files are checked");
  }
}
