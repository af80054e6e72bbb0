package io.mvq.cli;

import io.mvq.tensor.ComputeThreads;
import picocli.CommandLine.Option;

/** How many threads LibTorch computes with. */
final class Threads {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "LibTorch's threads (default: half of the processors, at least 1)")
  private int threads;

  /**
   * Sets them. By default half: two hardware threads that share a core slow each other down at
   * small layers, where one thread was measured 1.35 times as fast as two.
   */
  void apply() {
    apply(0);
  }

  /** The same with another default. @param others 0 for half of the processors */
  void apply(int others) {
    threads = threads == 0 ? others : threads;
    if (threads < 0) {
      throw new IllegalArgumentException("--threads must be at least 1, got " + threads);
    }
    ComputeThreads.set(count());
  }

  /** How many {@link #apply} sets. */
  int count() {
    return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
