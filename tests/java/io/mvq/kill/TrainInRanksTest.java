package io.mvq.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.tensor.Rendezvous;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mvq train} in several processes: the bits of one, whoever dies. */
class TrainInRanksTest {
  private static final String MAIN = "io.mvq.cli.Main";

  @TempDir Path home;

  private static Path photos;

  @BeforeAll
  static void write(@TempDir Path folder) throws IOException {
    photos = Images.write(folder);
  }

  private static List<String> recipe(String... more) {
    String small =
        " --side 32 --codes 4 --code-width 8 --width 8 --batch 8 --steps 40"
            + " --warmup 2 --shards 4 --prior-shards 4"
            + " --prior-width 16 --prior-layers 1 --prior-heads 2 --prior-steps 10"
            + " --prior-batch 16 --prior-warmup 2 --look-steps 2 --progress NONE --threads 1";
    List<String> all = new ArrayList<>(List.of("--data", photos.toString()));
    all.addAll(List.of(small.trim().split(" ")));
    all.addAll(List.of(more));
    return all;
  }

  private static Child.Ended train(Path out, List<String> flags)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("train", "--out", out.toString()));
    line.addAll(flags);
    return Child.PLAIN.run(MAIN, line.toArray(String[]::new));
  }

  private static List<String> with(List<String> flags, String... more) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of(more));
    return all;
  }

  /** The sums of both checkpoints' files. */
  private static Map<String, String> bytes(Path run) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    for (String stage : List.of("autoencoder", "prior")) {
      sums.put(stage, Files.readString(run.resolve(stage).resolve("checkpoint/SHA256SUMS")));
    }
    return sums;
  }

  @ParameterizedTest
  @CsvSource({
    "2, --system vq --accumulate 2 --dead-after 5 --adversarial-weight 0.2 --adversarial-start 20",
    "4, --hypotheses 8 --mask-width 8 --base-tokens 2 --secondary-tokens 1 --winner-per-token",
  })
  void theCheckpointsHaveTheBytesOfOneProcess(int ranks, String system) throws Exception {
    List<String> flags = recipe(system.split(" "));
    Path one = home.resolve("one");
    Path many = home.resolve("many");
    assertThat(train(one, flags).status()).isZero();
    Child.Ended ended = train(many, with(flags, "--ranks", "" + ranks));
    assertThat(ended.status()).as(ended.text()).isZero();
    assertThat(ended.text()).contains("% for other ranks", "run in " + many);
    assertThat(bytes(many)).isEqualTo(bytes(one));
    assertThat(Files.readString(many.resolve("autoencoder/log.csv"))).contains("40,");
  }

  /** Waits until a run has a checkpoint, then kills its last rank. */
  private static void killLastOf(Path run, int ranks) {
    try {
      Path checkpoint = run.resolve("autoencoder/checkpoint/SHA256SUMS");
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
      while (!Files.exists(checkpoint) && System.nanoTime() < patience) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      List<ProcessHandle> processes = List.of();
      while (processes.size() < ranks && System.nanoTime() < patience) {
        TimeUnit.MILLISECONDS.sleep(20);
        // This process started one that started the ranks.
        processes =
            ProcessHandle.current()
                .children()
                .flatMap(ProcessHandle::children)
                .sorted(Comparator.comparing(ProcessHandle::pid))
                .toList();
      }
      TimeUnit.MILLISECONDS.sleep(new Random().nextInt(600));
      processes.get(ranks - 1).destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aKilledRankEndsAllWhoGoOnWithTheSameBytesInAsManyProcessesOrOthers() throws Exception {
    List<String> flags = recipe("--steps", "160", "--checkpoint-steps", "5");
    Path one = home.resolve("one");
    assertThat(train(one, flags).status()).isZero();

    Path many = home.resolve("many");
    CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> killLastOf(many, 4));
    Child.Ended failed = train(many, with(flags, "--ranks", "4", "--restarts", "0"));
    killer.get();
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.text())
        .contains("mvq: LostRankException: rank 0 lost ", "mvq: rank 3 was killed (status 137)");
    assertThat(Checkpoint.read(many.resolve("autoencoder/checkpoint")).step()).isLessThan(160);

    killer = CompletableFuture.runAsync(() -> killLastOf(many, 2));
    Child.Ended restarted =
        train(many, List.of("--resume", "--ranks", "2", "--progress", "NONE", "--threads", "1"));
    killer.get();
    assertThat(restarted.status()).as(restarted.text()).isZero();
    assertThat(restarted.text())
        .contains("rank 1 was killed (status 137); all go on from the last checkpoint (1 of 3)");
    assertThat(bytes(many)).isEqualTo(bytes(one));
  }

  @Test
  void ranksThatCannotShareTheShardsAreRefusedAndNothingIsBegun() throws Exception {
    Path out = home.resolve("out");
    Child.Ended ended = train(out, with(recipe("--shards", "1"), "--ranks", "2"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.text()).contains("mvq: shards must be a multiple of the 2 ranks, got 1");
    assertThat(out.resolve("recipe.json")).doesNotExist();
  }

  @Test
  void ranksOfUnequalRecipesSaySo() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path out = home.resolve("out");
    List<CompletableFuture<Child.Ended>> ranks = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      Map<String, String> place = new Rendezvous(rank, 2, rank, "127.0.0.1", port).environment();
      Child child = new Child(List.of(), List.of(), place, null);
      List<String> line = new ArrayList<>(List.of("train", "--out", out.toString()));
      line.addAll(recipe("--seed", "" + rank));
      ranks.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return child.run(MAIN, line.toArray(String[]::new));
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (CompletableFuture<Child.Ended> rank : ranks) {
      assertThat(rank.get().status()).isEqualTo(1);
      assertThat(rank.get().text())
          .contains("mvq: ranks must have the same recipe: rank 0 has {")
          .contains("rank 1 {");
    }
    try (Stream<Path> left = Files.exists(out) ? Files.list(out) : Stream.empty()) {
      assertThat(left).isEmpty();
    }
  }

  private Child.Ended alone(Rendezvous at) throws Exception {
    return new Child(List.of(), List.of(), at.environment(), null)
        .run(MAIN, "train", "--out", home.resolve("out").toString(), "--rank-timeout", "2");
  }

  @Test
  void whoComesAloneDoesNotWaitForEverNorListensWhereAnotherDoes() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      Child.Ended listener = alone(new Rendezvous(0, 2, 0, "127.0.0.1", port));
      assertThat(listener.status()).isEqualTo(1);
      assertThat(listener.text())
          .contains("mvq: LostRankException: rank 0 of 2 did not meet the others at 127.0.0.1:")
          .contains("address already in use");
      taken.close();
      Child.Ended caller = alone(new Rendezvous(1, 2, 1, "127.0.0.1", port));
      assertThat(caller.status()).isEqualTo(1);
      assertThat(caller.text())
          .contains("mvq: LostRankException: rank 1 of 2 did not meet the others at 127.0.0.1:");
    }
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void startedTwiceOverIsRefused() throws Exception {
    Map<String, String> place = new Rendezvous(0, 2, 0, "127.0.0.1", 29_555).environment();
    Child.Ended ended =
        new Child(List.of(), List.of(), place, null)
            .run(MAIN, "train", "--out", home.resolve("out").toString(), "--ranks", "2");
    assertThat(ended.text())
        .contains("--ranks starts processes, but WORLD_SIZE says that this is one already");
    assertThat(ended.text().getBytes(StandardCharsets.UTF_8).length).isLessThan(2000);
  }
}
