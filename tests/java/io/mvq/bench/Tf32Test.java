package io.mvq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.Devices;
import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** TF32 is allowed to the contender that says so, and to no other. */
class Tf32Test {
  private static boolean allowed() {
    return torch.globalContext().allowTF32CuBLAS();
  }

  @Test
  void itIsAllowedWhileTheWorkRunsAndNotAfter() {
    boolean[] within = {false};
    Tf32.allowed(() -> within[0] = allowed()).run();
    assertThat(within[0]).isTrue();
    assertThat(allowed()).isFalse();
  }

  @Test
  void itIsForbiddenAgainWhereTheWorkFails() {
    Runnable fails =
        () -> {
          throw new IllegalStateException("out of memory");
        };
    assertThatThrownBy(Tf32.allowed(fails)::run).hasMessage("out of memory");
    assertThat(allowed()).isFalse();
  }

  @Test
  void onlyPeersOnAGpuComeTwice() {
    List<Contender> both =
        List.of(new Contender("mvq", -1, () -> {}), new Contender("libtorch", 8, () -> {}));
    assertThat(Tf32.beside(new Place(Devices.cpu(), 1), both)).isEqualTo(both);
    assertThat(Tf32.beside(new Place(new Device("cuda:0"), 1), both))
        .extracting(Contender::name)
        .containsExactly("mvq", "libtorch", "libtorch_tf32");
  }
}
