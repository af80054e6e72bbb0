package io.mvq.kernel;

/**
 * A kernel could not run: the device is missing or failed. Bad arguments are {@link
 * IllegalArgumentException}s.
 */
public final class KernelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KernelException(String message) {
    super(message);
  }

  KernelException(String message, Throwable cause) {
    super(message, cause);
  }
}
