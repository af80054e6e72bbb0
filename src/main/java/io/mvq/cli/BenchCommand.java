package io.mvq.cli;

import io.mvq.bench.Bench;
import io.mvq.bench.Isa;
import io.mvq.bench.Report;
import io.mvq.tensor.Devices;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mvq bench}: every kernel against the machine's limits and against its peers. */
@Command(
    name = "bench",
    header = "Times every kernel against the machine's limits and its peers.",
    mixinStandardHelpOptions = true,
    description =
        "Times every kernel in turns with LibTorch and, where they are installed, FAISS and "
            + "OpenBLAS, and against the machine's own limits. Prints a table, writes bench.csv, "
            + "bench.json, bench.png. Read the ratios: absolute times mean little on a shared "
            + "machine.",
    footer = {
      "",
      "FAISS and OpenBLAS are measured where their packages are installed (Debian: libfaiss-dev,",
      "libopenblas-dev). All sizes take about half an hour, --quick less than a minute."
    })
final class BenchCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "a few sizes on one thread")
  private boolean quick;

  @Option(
      names = "--only",
      defaultValue = "",
      paramLabel = "PART",
      description =
          "cases whose operation, detail and sizes hold PART, e.g. \"from Java\" or \"n 4096 \"")
  private String only;

  @Option(
      names = "--parts",
      split = ",",
      paramLabel = "PART",
      description = "some of ${COMPLETION-CANDIDATES}; by default all")
  private Set<Bench.Part> parts = EnumSet.noneOf(Bench.Part.class);

  @Option(
      names = "--rounds",
      defaultValue = "0",
      paramLabel = "N",
      description = "medians are over at most so many (default: 9; quick 5)")
  private int rounds;

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "threads for every side (default: one, then all; quick one)")
  private int threads;

  @Option(
      names = "--isa",
      defaultValue = "",
      paramLabel = "NAME",
      description =
          "avx2: kernels and peers as on a CPU without AVX-512 (default: what the CPU has)")
  private String isa;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      paramLabel = "NAME",
      description =
          "cpu, cuda or cuda:N: the kernels against LibTorch on that device (default: cpu)")
  private String device;

  @Option(
      names = "--out",
      defaultValue = "bench",
      paramLabel = "FOLDER",
      description = "where the results go (default: bench)")
  private Path out;

  @Override
  public Integer call() throws Exception {
    Device on = Devices.named(device);
    Isa capped = Isa.named(isa);
    capped.check(System.getenv()).ifPresent(note -> System.err.println("mvq: " + note));
    Path home = Path.of(System.getProperty("mvq.home", ""));
    Bench bench =
        new Bench(
            home.toAbsolutePath(),
            on,
            capped,
            threads,
            quick,
            only,
            rounds,
            parts,
            note -> System.err.println("mvq: " + note));
    Report report =
        bench.run(List.of(new TrainingSteps(quick), new StepShares(quick), new TrainingParts()));
    System.out.print(report.table());
    report.write(out);
    System.out.println("written: " + out.resolve("bench.{csv,json,png}"));
    return report.rows().isEmpty() ? 1 : 0;
  }
}
