package io.mvq.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ranks as threads of this process: each has a store and a group of its own, to the process's end.
 * What goes wrong between them is tested in processes, by {@code TrainInRanksTest}.
 */
class RanksTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What each of {@code count} ranks makes of its work. */
  private static <T> List<T> together(int count, Duration patience, Function<Ranks, T> work)
      throws Exception {
    int port = freePort();
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<T>> all = new ArrayList<>();
      for (int rank = 0; rank < count; rank++) {
        Rendezvous at = new Rendezvous(rank, count, rank, "127.0.0.1", port);
        all.add(threads.submit(() -> work.apply(Ranks.join(at, patience))));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : all) {
        results.add(one.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** Numbers of which float sums depend on the order. */
  private static float[] numbers(int rank) {
    return new float[] {1e8f / (rank + 1), -3.3e7f * rank, 1.7f + rank, rank == 2 ? 1e-9f : 1e9f};
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void aSumHasTheSameBitsEverywhereThoseOfATreeOfNeighbours(int count) throws Exception {
    List<float[]> sums =
        together(
            count,
            PATIENCE,
            ranks -> {
              float[] sum = Tensors.floats(ranks.sum(Tensors.of(numbers(ranks.rank()), 4)));
              ranks.meet();
              return sum;
            });
    List<float[]> level = new ArrayList<>();
    for (int rank = 0; rank < count; rank++) {
      level.add(numbers(rank));
    }
    while (level.size() > 1) {
      List<float[]> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        float[] pair = new float[4];
        for (int k = 0; k < 4; k++) {
          pair[k] = level.get(i)[k] + level.get(i + 1)[k];
        }
        above.add(pair);
      }
      level = above;
    }
    for (float[] sum : sums) {
      assertThat(sum).containsExactly(level.get(0));
    }
  }

  @Test
  void rowsAreGatheredInTheOrderOfTheRanksAndOneWordIsEnough() throws Exception {
    List<String> seen =
        together(
            4,
            PATIENCE,
            ranks -> {
              Tensor own = torch.full(new long[] {2, 1}, new Scalar(ranks.rank()));
              long[] all = Tensors.longs(ranks.gather(own.to(torch.ScalarType.Long)).reshape(-1));
              boolean any = ranks.any(ranks.rank() == 3);
              boolean none = ranks.any(false);
              ranks.agree("word", "the same");
              ranks.meet();
              return Arrays.toString(all) + any + none;
            });
    assertThat(seen).containsOnly("[0, 0, 1, 1, 2, 2, 3, 3]truefalse");
  }

  @Test
  void whoDisagreesIsNamedToAll() throws Exception {
    List<String> errors =
        together(
            4,
            PATIENCE,
            ranks -> {
              String error = "";
              try {
                ranks.agree("recipe", ranks.rank() == 2 ? "other" : "usual");
              } catch (IllegalArgumentException e) {
                error = e.getMessage();
              }
              ranks.meet();
              return error;
            });
    assertThat(errors)
        .containsOnly("ranks must have the same recipe: rank 0 has usual, rank 2 other");
  }

  @ParameterizedTest
  @CsvSource({
    "WORLD_SIZE,three,'WORLD_SIZE must be a whole number, got three'",
    "WORLD_SIZE,3,'WORLD_SIZE must be a power of two, got 3'",
    "RANK,4,'RANK must be in 0..3, since WORLD_SIZE is 4, got 4'",
    "RANK,,'WORLD_SIZE is 4, so RANK must be set too'",
    "MASTER_ADDR,,'WORLD_SIZE is 4, so MASTER_ADDR must be set too'",
    "MASTER_PORT,99999,'MASTER_PORT must be in 1..65535, got 99999'"
  })
  void aWrongEnvironmentIsSaid(String name, String value, String error) {
    Map<String, String> environment =
        new HashMap<>(new Rendezvous(1, 4, 0, "localhost", 29_500).environment());
    environment.compute(name, (key, before) -> value);
    assertThatThrownBy(() -> Rendezvous.of(environment)).hasMessage(error);
  }

  @Test
  void theEnvironmentIsReadAsItIsWritten() {
    Rendezvous at = new Rendezvous(1, 4, 0, "host", 1234);
    assertThat(Rendezvous.of(at.environment())).isEqualTo(at);
    assertThat(Rendezvous.of(Map.of("RANK", "7"))).isSameAs(Rendezvous.NONE);
  }
}
