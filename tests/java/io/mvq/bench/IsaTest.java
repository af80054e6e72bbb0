package io.mvq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class IsaTest {
  private static final Map<String, String> CAPPED =
      Map.of(
          "MVQ_MAX_ISA", "avx2",
          "OPENBLAS_CORETYPE", "Haswell",
          "ATEN_CPU_CAPABILITY", "avx2",
          "ONEDNN_MAX_CPU_ISA", "AVX2");

  @Test
  void aCapIsInForceOnlyWhereEveryPeerHasIt() {
    assertThat(Isa.named("avx2").check(CAPPED)).isEmpty();
    assertThatThrownBy(() -> Isa.named("avx2").check(Map.of("MVQ_MAX_ISA", "avx2")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "--isa avx2 needs {ATEN_CPU_CAPABILITY=avx2, ONEDNN_MAX_CPU_ISA=AVX2,"
                + " OPENBLAS_CORETYPE=Haswell} in the environment before LibTorch loads; start with"
                + " ./mvq bench, which sets it");
  }

  @Test
  void withoutACapAVariableThatSlowsOneSideIsRemarkedOn() {
    assertThat(Isa.named("").check(Map.of("PATH", "/bin"))).isEmpty();
    assertThat(Isa.named("").check(Map.of("OPENBLAS_CORETYPE", "Haswell")))
        .hasValue(
            "OPENBLAS_CORETYPE=Haswell is set, which may slow one side; start with ./mvq bench"
                + " without it");
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThatThrownBy(() -> Isa.named("avx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--isa must be avx2, got \"avx\"");
  }
}
