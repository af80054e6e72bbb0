package io.mvq.serve;

import java.util.Locale;

/** What a request is answered with instead: a status and one line that says why. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  Refusal(int status, String text, Object... values) {
    super(String.format(Locale.ROOT, text, values));
    this.status = status;
  }

  int status() {
    return status;
  }
}
