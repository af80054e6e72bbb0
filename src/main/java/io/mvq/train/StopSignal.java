package io.mvq.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (or a polite kill) as a flag: while open, the JVM's end waits until the trainer has seen
 * the flag, written its checkpoint and closed this.
 */
final class StopSignal implements AutoCloseable {
  /** Longest wait for a step and a checkpoint before the JVM ends anyway. */
  private static final long PATIENCE_SECONDS = 120;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForTrainer, "mvq-stop");
  private volatile boolean requested;

  StopSignal() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      requested = true;
    }
  }

  private void waitForTrainer() {
    requested = true;
    try {
      boolean finished = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!finished) {
        System.err.println("mvq: the step in progress did not end; stopping without a checkpoint");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean requested() {
    return requested;
  }

  @Override
  public void close() {
    done.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException alreadyEnding) {
        requested = true;
      }
    }
  }
}
