package io.mvq.tensor;

/** Another process that trains the same model is gone, or did not come or answer in time. */
public final class LostRankException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says who misses whom. */
  public LostRankException(String message, Throwable cause) {
    super(message, cause);
  }
}
