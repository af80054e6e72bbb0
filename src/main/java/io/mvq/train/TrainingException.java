package io.mvq.train;

/** Training cannot go on; the message says why, since when, and what to try. */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TrainingException(String message) {
    super(message);
  }

  TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
