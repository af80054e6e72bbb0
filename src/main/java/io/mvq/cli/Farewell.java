package io.mvq.cli;

import java.util.function.Supplier;

/**
 * What Ctrl-C says: while open, the end of the JVM prints a line that tells how to go on. It is
 * printed at once, before the step in progress and its checkpoint are waited for.
 */
final class Farewell implements AutoCloseable {
  private final Thread hook;

  private Farewell(Supplier<String> line) {
    hook =
        new Thread(() -> System.out.println(System.lineSeparator() + line.get()), "mvq-farewell");
  }

  /** Opens one. @param line called when it is needed */
  static Farewell of(Supplier<String> line) {
    Farewell farewell = new Farewell(line);
    try {
      Runtime.getRuntime().addShutdownHook(farewell.hook);
    } catch (IllegalStateException alreadyEnding) {
      farewell.hook.start();
    }
    return farewell;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      return; // it speaks
    }
  }
}
