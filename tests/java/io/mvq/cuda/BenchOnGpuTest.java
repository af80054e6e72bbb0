package io.mvq.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.bench.Bench;
import io.mvq.bench.Isa;
import io.mvq.bench.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The benchmark measures the kernels against LibTorch on the GPU. */
class BenchOnGpuTest extends OnGpu {
  @Test
  void everyCaseOfTheQuickRunHasATimeAndAPeer() {
    Report report =
        new Bench(
                Path.of(""),
                gpu(),
                Isa.WIDEST,
                0,
                true,
                "",
                1,
                Set.of(Bench.Part.LIBTORCH),
                note -> {})
            .run(List.of());
    assertThat(report.rows()).isNotEmpty();
    assertThat(report.rows())
        .allSatisfy(
            row -> {
              assertThat(row.nsPerRow()).isPositive();
              assertThat(row.speedup()).containsKeys("libtorch", "libtorch_tf32");
            });
  }
}
