package io.mvq.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static OutputFile.Content text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void foldersAreMadeAndTheModeIsTheUmasks() throws IOException {
    Path target = folder.resolve("a/b/out");
    OutputFile.write(target, "whole");
    assertThat(target).hasContent("whole");
    Path usual = Files.createFile(folder.resolve("usual"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(usual)));
  }

  @Test
  void whateverSystemCallIsTheLastThePlaceHoldsTheOldOrTheNewWhole() throws IOException {
    Path target = folder.resolve("out");
    for (FaultyDisk.Fault fault : FaultyDisk.Fault.values()) {
      int last = 1;
      for (boolean finished = false; !finished; last++) {
        OutputFile.write(target, "old");
        FaultyDisk disk = new FaultyDisk(last, fault);
        try {
          OutputFile.write(target, text("the new content"), disk);
          finished = true;
        } catch (IOException e) {
          assertThat(names()).as("nothing is left at call " + last).containsExactly("out");
        } catch (FaultyDisk.Stopped e) {
          assertThat(fault).isEqualTo(FaultyDisk.Fault.STOPS);
        }
        disk.losePower();
        assertThat(Files.readString(target))
            .as(fault + " at call " + last)
            .isIn(finished ? List.of("the new content") : List.of("old", "the new content"));
      }
      assertThat(last).isGreaterThan(5);
    }
  }

  @Test
  void oneOfTwoThatWriteAtOnceStaysWhole() throws IOException {
    Path target = folder.resolve("out");
    OutputFile.write(
        target,
        out -> {
          out.write("outer ".getBytes(StandardCharsets.UTF_8));
          OutputFile.write(target, "inner");
          assertThat(target).hasContent("inner");
          out.write("whole".getBytes(StandardCharsets.UTF_8));
        });
    assertThat(target).hasContent("outer whole");
    assertThat(names()).containsExactly("out");
  }

  @Test
  void whatACrashLeftIsDeletedWhenNobodyCanBeWritingItAnyMore() throws IOException {
    Path old = Files.createFile(folder.resolve(".out.1.part"));
    Path young = Files.createFile(folder.resolve(".out.2.part"));
    Path others = Files.createFile(folder.resolve(".other.1.part"));
    for (Path file : List.of(old, others)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    }
    OutputFile.write(folder.resolve("out"), "text");
    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(others).exists();
  }

  @Test
  void anErrorOfTheContentKeepsTheOld() throws IOException {
    Path target = folder.resolve("out");
    OutputFile.write(target, "old");
    assertThatThrownBy(
            () ->
                OutputFile.write(
                    target,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IllegalStateException("oops");
                    }))
        .hasMessage("oops");
    assertThat(target).hasContent("old");
    assertThat(names()).containsExactly("out");
  }

  @Test
  void aFolderInThePlaceIsNamed() throws IOException {
    Path target = Files.createDirectory(folder.resolve("out"));
    assertThatThrownBy(() -> OutputFile.write(target, "text"))
        .hasMessage(target + " is a folder; name a file, or move the folder away");
  }
}
