package io.mvq.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFaultTest {
  @TempDir Path folder;

  @Test
  void theSystemsErrorsAreSaidInWordsWithTheFile() {
    assertThat(FileFault.text(new AccessDeniedException("/a")))
        .isEqualTo("/a: this user may not read or write it");
    assertThat(FileFault.text(new NoSuchFileException("/a")))
        .isEqualTo("/a: there is no such file or folder");
    assertThat(FileFault.text(new FileSystemException("/a", null, "Not a directory")))
        .isEqualTo("/a: a part of this path is a file, no folder");
    assertThat(FileFault.text(new FileSystemException("/a", null, "Read-only file system")))
        .isEqualTo("/a: it is on a disk that may only be read; name another place");
    assertThat(FileFault.text(new IOException("something else"))).isEqualTo("something else");
    assertThat(FileFault.text(new IOException())).isEqualTo("IOException");
  }

  @Test
  void aFullDiskIsNamedWithTheFileThatDidNotFit() throws IOException {
    Path target = folder.resolve("out");
    OutputFile.write(target, "old");
    Disk full =
        new Disk() {
          @Override
          public WritableByteChannel create(Path file) throws IOException {
            WritableByteChannel real = Disk.super.create(file);
            return new WritableByteChannel() {
              @Override
              public int write(ByteBuffer bytes) throws IOException {
                throw new IOException("No space left on device");
              }

              @Override
              public boolean isOpen() {
                return real.isOpen();
              }

              @Override
              public void close() throws IOException {
                real.close();
              }
            };
          }
        };
    assertThatThrownBy(() -> OutputFile.write(target, "new", full))
        .hasMessage(
            "could not write "
                + target
                + ": no space left on the disk; free some, or name a place on another one");
    assertThat(target).hasContent("old");
  }

  @Test
  void soIsTheRealOne() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    assertThatThrownBy(() -> OutputFile.write(full, "text"))
        .hasMessageStartingWith("could not write /dev/full: no space left on the disk;");
  }

  @Test
  void whatIsNoSmallTextIsNamed() throws IOException {
    Path file = folder.resolve("text");
    assertThatThrownBy(() -> TextFile.read(file)).hasMessage(file + " does not exist");
    Files.write(file, new byte[] {'a', (byte) 0xff});
    assertThatThrownBy(() -> TextFile.read(file)).hasMessage(file + " is damaged: it is not UTF-8");
    assertThatThrownBy(() -> TextFile.read(folder))
        .hasMessage(folder + " is a folder, where a file is wanted");
  }
}
