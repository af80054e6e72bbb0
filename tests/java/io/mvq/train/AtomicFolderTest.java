package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  @TempDir Path parent;
  private Path target;

  @BeforeEach
  void first() throws IOException {
    target = parent.resolve("kept");
    AtomicFolder.replace(target, folder -> Files.writeString(folder.resolve("a"), "first"));
  }

  private String content() throws IOException {
    return Files.readString(AtomicFolder.current(target).resolve("a"));
  }

  private List<String> names() throws IOException {
    try (var found = Files.list(parent)) {
      return found.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theNewContentReplacesTheOldAltogether() throws IOException {
    AtomicFolder.replace(target, folder -> Files.writeString(folder.resolve("b"), "second"));
    assertThat(target.resolve("a")).doesNotExist();
    assertThat(target.resolve("b")).hasContent("second");
    assertThat(names()).containsExactly("kept");
  }

  @Test
  void aFullDiskKeepsTheOldContentAndLeavesNoLitter() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicFolder.replace(
                    target,
                    folder -> {
                      Files.write(folder.resolve("a"), new byte[1000]);
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");
    assertThat(content()).isEqualTo("first");
    assertThat(names()).containsExactly("kept");
  }

  @Test
  void aProgrammingErrorKeepsTheOldContentToo() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicFolder.replace(
                    target,
                    folder -> {
                      throw new IllegalStateException("oops");
                    }))
        .hasMessage("oops");
    assertThat(content()).isEqualTo("first");
  }

  @Test
  void aFailedRenamePutsTheOldContentBack() throws IOException {
    for (String failing : List.of("kept", "kept.old")) {
      assertThatThrownBy(
              () ->
                  AtomicFolder.replace(
                      target,
                      folder -> Files.writeString(folder.resolve("a"), "second"),
                      (from, to) -> {
                        if (to.endsWith(failing)) {
                          throw new IOException("cannot rename to " + failing);
                        }
                        Files.move(from, to);
                      }))
          .hasMessage("cannot rename to " + failing);
      assertThat(target.resolve("a")).hasContent("first");
      assertThat(names()).containsExactly("kept");
    }
  }

  @Test
  void aCrashBetweenTheRenamesLosesNothing() throws IOException {
    Files.move(target, parent.resolve("kept.old"));
    Files.createDirectory(parent.resolve("kept.new"));
    assertThat(content()).isEqualTo("first");
    AtomicFolder.replace(target, folder -> Files.writeString(folder.resolve("a"), "second"));
    assertThat(content()).isEqualTo("second");
    assertThat(names()).containsExactly("kept");
  }

  @Test
  void aCrashDuringWritingLosesNothing() throws IOException {
    Path litter = Files.createDirectory(parent.resolve("kept.new"));
    Files.writeString(litter.resolve("a"), "half");
    assertThat(content()).isEqualTo("first");
    AtomicFolder.replace(target, folder -> Files.writeString(folder.resolve("a"), "second"));
    assertThat(content()).isEqualTo("second");
    assertThat(names()).containsExactly("kept");
  }
}
