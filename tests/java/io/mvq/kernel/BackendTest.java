package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackendTest {
  @Test
  void namesWhatIsInUseAndWhatIsNot() {
    Backend backend = Backend.load();
    assertThat(backend.name()).matches("cpu (scalar|avx2|avx512|neon)");
    assertThat(backend.refused()).anyMatch(line -> line.startsWith("cuda: "));
    assertThat(backend.library()).contains("jniMvqNative");
  }
}
