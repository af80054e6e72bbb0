package io.mvq.cli;

import io.mvq.kernel.Backend;
import io.mvq.kernel.NearestCode;
import io.mvq.kernel.Where;
import io.mvq.tensor.Views;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mvq bench}: nearest code against LibTorch, interleaved in one process. */
@Command(
    name = "bench",
    header = "Times the nearest-code search against LibTorch.",
    mixinStandardHelpOptions = true,
    description = {
      "Times the nearest-code search against LibTorch's addmm + argmin, round by round in one process.",
      "Read the ratio: absolute times mean little on a shared machine."
    })
final class BenchCommand implements Callable<Integer> {
  private static final long[][] SIZES = {
    {4096, 512, 8},
    {4096, 512, 64},
    {4096, 1024, 32},
    {4096, 1024, 64},
    {4096, 8192, 64},
    {4096, 1024, 256}
  };

  @Option(
      names = "--rounds",
      defaultValue = "9",
      description = "medians are over so many (default: 9)")
  private int rounds;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "threads for either side (default: 1)")
  private int threads;

  @Override
  public Integer call() {
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds must be at least 1, got " + rounds);
    }
    torch.set_num_threads(threads);
    Where where = Where.cpu(threads);
    System.out.printf("%s, threads: %d each%n", Backend.load().name(), threads);
    if (System.getenv("OPENBLAS_CORETYPE") != null) {
      System.out.printf(
          "OPENBLAS_CORETYPE=%s is set, which may slow LibTorch; unset it for a fair comparison%n",
          System.getenv("OPENBLAS_CORETYPE"));
    }
    System.out.printf(
        "%6s %6s %5s %12s %12s %8s %8s%n",
        "n", "k", "d", "mvq ns/row", "torch ns/row", "ratio", "GFLOP/s");
    torch.manual_seed(1);
    for (long[] size : SIZES) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        Tensor rows = torch.randn(size[0], size[2]);
        Tensor codes = torch.randn(size[1], size[2]);
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        for (int round = -1; round < rounds; round++) {
          double mine = nanos(() -> ours(rows, codes, where));
          double peer = nanos(() -> libtorch(rows, codes));
          if (round >= 0) {
            ours[round] = mine / size[0];
            theirs[round] = peer / size[0];
          }
        }
        double mine = median(ours);
        double peer = median(theirs);
        System.out.printf(
            "%6d %6d %5d %12.0f %12.0f %7.1fx %8.0f%n",
            size[0], size[1], size[2], mine, peer, peer / mine, 2.0 * size[1] * size[2] / mine);
      }
    }
    return 0;
  }

  private static void ours(Tensor rows, Tensor codes, Where where) {
    NearestCode.search(Views.matrix(rows, "rows"), Views.matrix(codes, "codes"), null, null, where);
  }

  private static Tensor libtorch(Tensor rows, Tensor codes) {
    Tensor norms = codes.square().sum(1);
    return torch
        .addmm(norms, rows, codes.t(), new Scalar(1), new Scalar(-2))
        .argmin(new LongOptional(1), false);
  }

  private static double nanos(Runnable work) {
    try (PointerScope scope = new PointerScope()) {
      long start = System.nanoTime();
      work.run();
      return System.nanoTime() - start;
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
