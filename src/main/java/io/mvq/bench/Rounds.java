package io.mvq.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;

/**
 * Times contenders in turns, as the native harness does. A contender frees what it makes.
 *
 * @param most rounds
 * @param seconds for one case, once 3 rounds are done
 */
public record Rounds(int most, double seconds) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double SHORTEST = 300e3; // ns: quicker work is repeated to take so long
  private static final long WARM_NANOS = 200_000_000;
  private static final long SPIN_MILLIS =
      30; // how long other libraries' threads may spin after work

  public Rounds {
    if (most < 1) {
      throw new IllegalArgumentException("--rounds must be at least 1, got " + most);
    }
  }

  /** Measures; the first contender is ours. */
  public Row measure(Case measured, int threads, List<Contender> contenders) {
    int count = contenders.size();
    int[] repeats = new int[count];
    for (int i = 0; i < count; i++) {
      Runnable run = contenders.get(i).run();
      time(run, 1, threads);
      double once = time(run, 1, threads);
      repeats[i] = (int) Math.max(1, Math.min(1e5, SHORTEST / once));
      if (once < SHORTEST) {
        compile(run);
      }
    }
    List<List<Double>> times = new ArrayList<>();
    contenders.forEach(contender -> times.add(new ArrayList<>()));
    long begin = System.nanoTime();
    for (int round = 0; round < most; round++) {
      if (round >= 3 && System.nanoTime() - begin > seconds * 1e9) {
        break;
      }
      for (int i = 0; i < count; i++) {
        times.get(i).add(time(contenders.get(i).run(), repeats[i], threads));
      }
    }
    return row(measured, threads, contenders, times.stream().map(Rounds::median).toList());
  }

  /** Quick work is run until the JIT has compiled it. */
  private static void compile(Runnable run) {
    long end = System.nanoTime() + WARM_NANOS;
    try (PointerScope scope = new PointerScope()) {
      while (System.nanoTime() < end) {
        run.run();
      }
    }
  }

  private static Row row(
      Case measured, int threads, List<Contender> contenders, List<Double> medians) {
    double mine = medians.get(0);
    Map<String, Double> speedup = new LinkedHashMap<>();
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (int i = 1; i < contenders.size(); i++) {
      Contender peer = contenders.get(i);
      speedup.put(peer.name(), medians.get(i) / mine);
      if (peer.extraBytes() >= 0) {
        bytes.put(peer.name(), peer.extraBytes());
      }
    }
    return new Row(
        measured.operation(),
        measured.detail(),
        measured.n(),
        measured.d(),
        measured.k(),
        threads,
        mine / Math.max(1, measured.n()),
        measured.flops() > 0 ? measured.flops() / mine : null,
        null,
        null,
        null,
        speedup,
        contenders.get(0).extraBytes() < 0 ? null : contenders.get(0).extraBytes(),
        bytes);
  }

  /** Nanoseconds a call: alone the thread's own processor time, so that neighbours count less. */
  private static double time(Runnable run, int repeats, int threads) {
    try (PointerScope scope = new PointerScope()) {
      if (threads > 1) {
        Thread.sleep(SPIN_MILLIS);
      }
      long start = clock(threads);
      for (int i = 0; i < repeats; i++) {
        run.run();
      }
      return Math.max(1, clock(threads) - start) / (double) repeats;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static long clock(int threads) {
    return threads == 1 ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
