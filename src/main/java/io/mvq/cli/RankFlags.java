package io.mvq.cli;

import io.mvq.setting.Limits;
import io.mvq.tensor.Ranks;
import io.mvq.tensor.Rendezvous;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Option;

/** Who else trains the same model: processes started here, or by torchrun and the like. */
final class RankFlags {
  @Option(
      names = "--ranks",
      paramLabel = "N",
      description =
          "train in N processes on this machine, with the bits of one (default: 1, or as RANK,"
              + " WORLD_SIZE, MASTER_ADDR and MASTER_PORT say)")
  private int ranks;

  @Option(
      names = "--restarts",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "with --ranks: how often to go on from the last checkpoint after a process died"
              + " (default: 3)")
  private int restarts;

  @Option(
      names = "--rank-timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "longest wait for another process (default: 300)")
  private int timeout;

  /** Where this process meets others, if anywhere. */
  Rendezvous rendezvous() {
    Limits.atLeast("--rank-timeout", timeout, 1);
    return Rendezvous.of(System.getenv());
  }

  /** Processes to be started here; 0 if this one is to train. */
  int toStart(Rendezvous at) {
    Limits.atLeast("--ranks", ranks, 0);
    Limits.atLeast("--restarts", restarts, 0);
    if (ranks > 1 && at.count() > 1) {
      throw new IllegalArgumentException(
          "--ranks starts processes, but " + Rendezvous.COUNT + " says that this is one already");
    }
    return ranks > 1 ? ranks : 0;
  }

  int restarts() {
    return restarts;
  }

  /** Meets the others. */
  Ranks join(Rendezvous at) {
    return Ranks.join(at, Duration.ofSeconds(timeout));
  }

  /** What a new recipe takes for its shards unless it says: a shard for each rank. */
  static Map<String, String> shards(int count) {
    String each = Integer.toString(count);
    return count == 1 ? Map.of() : Map.of("shards", each, "prior-shards", each);
  }
}
