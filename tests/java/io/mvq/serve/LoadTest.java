package io.mvq.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.Code;
import io.mvq.Tokenizer;
import io.mvq.prior.Sampling;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Many at once: none is lost, those too many are told so, memory stays. */
class LoadTest {
  private static final int CLIENTS = 64;
  private static final int MOST_GROWTH = 32 << 20;
  private static final int ROUNDS = 6;

  /** {@code -Dmvq.serve.seconds=60} for a longer look. */
  private static final double SECONDS =
      Double.parseDouble(System.getProperty("mvq.serve.seconds", "2"));

  @Test
  void sixtyFourClientsLoseNothingAndMemoryStays() throws Exception {
    try (Tokenizer emoji = Tokenizer.pretrained("emoji-2");
        Server server =
            new Server(
                emoji,
                "emoji-2",
                InetAddress.getLoopbackAddress(),
                0,
                Runtime.getRuntime().availableProcessors())) {
      List<Code> codes = emoji.sampleCodes(CLIENTS, null, Sampling.PLAIN, 1);
      ask(server, codes, emoji, SECONDS / 4); // warms up
      // A leak grows in each round; what the JVM takes of its heap for the first time, in some.
      long[] nanoseconds;
      long growth;
      int round = 0;
      do {
        System.gc();
        long before = Pointer.physicalBytes();
        nanoseconds = ask(server, codes, emoji, SECONDS);
        System.gc();
        growth = Pointer.physicalBytes() - before;
      } while (growth >= MOST_GROWTH && ++round < ROUNDS);
      Arrays.sort(nanoseconds);
      System.out.printf(
          "%d clients, %.0f s: %d answers, p50 %.0f ms, p99 %.0f ms, memory %+d MB%n",
          CLIENTS,
          SECONDS,
          nanoseconds.length,
          nanoseconds[nanoseconds.length / 2] / 1e6,
          nanoseconds[nanoseconds.length * 99 / 100] / 1e6,
          growth >> 20);
      assertThat(nanoseconds.length).isGreaterThanOrEqualTo(CLIENTS);
      assertThat(growth).isLessThan(MOST_GROWTH);
    }
  }

  /** Each client decodes its own code again and again; every answer is its picture. */
  private static long[] ask(Server server, List<Code> codes, Tokenizer tokenizer, double seconds)
      throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    List<Future<List<Long>>> all = new ArrayList<>();
    for (Code code : codes) {
      byte[] expected = PngText.write(tokenizer.decode(code), code);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.url() + "api/decode"))
              .POST(BodyPublishers.ofString(code.toJson()))
              .build();
      all.add(
          clients.submit(
              () -> {
                List<Long> times = new ArrayList<>();
                do {
                  long start = System.nanoTime();
                  HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
                  times.add(System.nanoTime() - start);
                  assertThat(answer.statusCode()).isEqualTo(200);
                  assertThat(answer.body()).isEqualTo(expected);
                } while (System.nanoTime() < end);
                return times;
              }));
    }
    clients.shutdown();
    List<Long> times = new ArrayList<>();
    for (Future<List<Long>> one : all) {
      times.addAll(one.get());
    }
    return times.stream().mapToLong(Long::longValue).toArray();
  }

  @Test
  void oneMoreThanMayWaitIsRefusedAtOnceAndTheOthersAreAnswered() throws Exception {
    Gate gate = new Gate(1, 2);
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      answers.add(threads.submit(() -> gate.through(() -> waited(inside, open, number))));
    }
    inside.await();
    while (gate.inside() < 3) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> gate.through(() -> 3))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(503))
        .hasMessageContaining("try again");
    open.countDown();
    for (int i = 0; i < 3; i++) {
      assertThat(answers.get(i).get()).isEqualTo(i);
    }
    threads.shutdown();
    assertThat(gate.through(() -> 4)).isEqualTo(4);
    assertThatThrownBy(
            () ->
                gate.through(
                    () -> {
                      throw new IOException("failed");
                    }))
        .hasMessage("failed");
    assertThat(gate.inside()).isZero();
  }

  private static int waited(CountDownLatch inside, CountDownLatch open, int number) {
    inside.countDown();
    try {
      open.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return number;
  }
}
