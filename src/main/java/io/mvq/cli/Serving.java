package io.mvq.cli;

import io.mvq.serve.Server;
import java.io.IOException;
import java.net.BindException;
import java.util.Locale;

/**
 * The port that a server is opened on: the one asked for; else the usual one, or any if that is
 * taken.
 */
final class Serving {
  private static final int USUAL = 8642;

  private Serving() {}

  /** Opens a server on a port; 0 is any that is free. */
  interface Opening {
    Server on(int port) throws IOException;
  }

  /**
   * Opens it.
   *
   * @param port null for the usual one
   */
  static Server open(String host, Integer port, Opening opening) throws IOException {
    if (port != null && (port < 0 || port > 65_535)) {
      throw new IllegalArgumentException("--port must be in 0..65535, got " + port);
    }
    int wanted = port == null ? USUAL : port;
    try {
      return opening.on(wanted);
    } catch (BindException e) {
      if (port != null || !String.valueOf(e.getMessage()).contains("in use")) {
        throw new IOException(
            String.format(
                Locale.ROOT, "cannot serve %s on port %d: %s", host, wanted, e.getMessage()),
            e);
      }
      return opening.on(0);
    }
  }
}
