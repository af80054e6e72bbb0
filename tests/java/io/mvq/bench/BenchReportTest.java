package io.mvq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {
  @Test
  void aCommaInARowsNameMakesNoFieldMore(@TempDir Path folder) throws IOException {
    Map<String, Double> peers = Map.of("vq", 0.5);
    Row row =
        new Row(
            "step", "mvq, \"small\"", 64, 0, 256, 1, 7, null, null, null, null, peers, 9L, null);
    new Report("2026-11-28", "unknown", null, List.of(row)).write(folder);
    List<String> lines = Files.readAllLines(folder.resolve("bench.csv"));
    assertThat(lines.get(1)).endsWith(",share_of_peak,extra_bytes,speedup_vq");
    assertThat(lines.get(2)).isEqualTo("step,\"mvq, \"\"small\"\"\",64,0,256,1,7.000,,,,9,0.5000");
  }
}
