package io.mvq.timing;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/**
 * Times contenders in turns, as the native harness does. A contender frees what it makes.
 *
 * @param most rounds
 * @param seconds for all of them, once 3 rounds are done
 */
public record Rounds(int most, double seconds) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double SHORTEST = 300e3; // ns: quicker work is repeated to take so long
  private static final long WARM_NANOS = 200_000_000; // in which the JIT compiles quick work
  private static final long SPIN_MILLIS =
      30; // how long other libraries' threads may spin after work
  private static final long WAKING_NANOS = 60_000_000; // a virtual core takes that long

  public Rounds {
    if (most < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, got " + most);
    }
  }

  /** The median of each contender's times, nanoseconds a call. */
  public double[] medians(Place place, List<Contender> contenders) {
    int count = contenders.size();
    int[] repeats = new int[count];
    for (int i = 0; i < count; i++) {
      Runnable run = contenders.get(i).run();
      time(run, 1, place);
      double once = time(run, 1, place);
      repeats[i] = (int) Math.max(1, Math.min(1e5, SHORTEST / once));
      if (once < SHORTEST) {
        runFor(WARM_NANOS, run);
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
        times.get(i).add(time(contenders.get(i).run(), repeats[i], place));
      }
    }
    return times.stream().mapToDouble(Rounds::median).toArray();
  }

  private static void runFor(long nanos, Runnable run) {
    long end = System.nanoTime() + nanos;
    try (PointerScope scope = new PointerScope()) {
      while (System.nanoTime() < end) {
        run.run();
      }
    }
  }

  /**
   * Nanoseconds a call: on one thread of the CPU the thread's own processor time, so that
   * neighbours count less; else wall time, on a GPU until its work is done.
   */
  private static double time(Runnable run, int repeats, Place place) {
    try (PointerScope scope = new PointerScope()) {
      if (place.threads() > 1) {
        Thread.sleep(SPIN_MILLIS);
        runFor(WAKING_NANOS, run);
      }
      place.settle();
      long start = clock(place);
      for (int i = 0; i < repeats; i++) {
        run.run();
      }
      place.settle();
      return Math.max(1, clock(place) - start) / (double) repeats;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static long clock(Place place) {
    return place.threads() == 1 && !place.gpu()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
