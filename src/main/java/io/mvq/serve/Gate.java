package io.mvq.serve;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets so many compute at once and so many wait, first come first served; more are refused. */
final class Gate {
  private final Semaphore computing;
  private final AtomicInteger inside = new AtomicInteger();
  private final int most;

  Gate(int atOnce, int waiting) {
    computing = new Semaphore(atOnce, true);
    most = Math.addExact(atOnce, waiting);
  }

  /** How many compute or wait now. */
  int inside() {
    return inside.get();
  }

  /** What is done behind the gate. */
  interface Work<T> {
    T now() throws IOException;
  }

  /**
   * Waits, then does it.
   *
   * @throws Refusal 503, at once, if too many wait already
   */
  <T> T through(Work<T> work) throws IOException {
    if (inside.incrementAndGet() > most) {
      inside.decrementAndGet();
      throw new Refusal(503, "%d requests are waiting already; try again in a second", most);
    }
    try {
      computing.acquireUninterruptibly();
      try {
        return work.now();
      } finally {
        computing.release();
      }
    } finally {
      inside.decrementAndGet();
    }
  }
}
