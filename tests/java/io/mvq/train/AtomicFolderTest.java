package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.files.Disk;
import io.mvq.files.FaultyDisk;
import io.mvq.files.OutputFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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
                      new Disk() {
                        @Override
                        public void move(Path from, Path to) throws IOException {
                          if (to.endsWith(failing) && !from.endsWith("kept.old")) {
                            throw new IOException("cannot rename to " + failing);
                          }
                          Disk.super.move(from, to);
                        }
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

  @Test
  void whateverSystemCallIsTheLastTheOldOrTheNewContentIsFound() throws IOException {
    int calls = 0;
    for (FaultyDisk.Fault fault : FaultyDisk.Fault.values()) {
      int last = 1;
      for (boolean finished = false; !finished; last++) {
        FaultyDisk disk = new FaultyDisk(last, fault);
        try {
          AtomicFolder.replace(
              target, folder -> OutputFile.write(folder.resolve("a"), this::second, disk), disk);
          finished = true;
        } catch (IOException | FaultyDisk.Stopped e) {
          calls++;
        }
        disk.losePower();
        assertThat(content()).as(fault + " at call " + last).isIn("first", "second");
        assertThat(finished && !content().equals("second")).isFalse();
        AtomicFolder.replace(target, folder -> Files.writeString(folder.resolve("a"), "first"));
        assertThat(names()).containsExactly("kept");
      }
    }
    assertThat(calls).isGreaterThan(20);
  }

  private void second(OutputStream out) throws IOException {
    out.write("second".getBytes(StandardCharsets.UTF_8));
  }
}
