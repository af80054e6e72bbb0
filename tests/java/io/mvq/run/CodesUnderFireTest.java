package io.mvq.run;

import io.mvq.files.Fire;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The reader of code files against damaged ones. */
@Timeout(36_000)
class CodesUnderFireTest {
  @TempDir Path folder;

  @Test
  void bothFormats() throws IOException {
    for (String name : new String[] {"codes.npz", "codes.safetensors"}) {
      Path file = folder.resolve(name);
      new Codes(
              Tensors.of(new long[] {1, 2, 3, 4, 5, 6}, 3, 2),
              Tensors.zeros(3, 1, 4).to(ScalarType.Byte),
              CodesAbout.NOTHING)
          .write(file);
      Fire.at(
          file,
          Files.readAllBytes(file),
          damaged -> {
            try (PointerScope scope = new PointerScope()) {
              Codes.read(damaged);
            }
          });
    }
  }
}
