package io.mvq.cli;

import io.mvq.tensor.Rendezvous;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The processes of a command that runs in several ranks on this machine. Rank 0 speaks for all; if
 * one dies the others are ended.
 */
final class RankProcesses {
  private static final long PATIENCE_SECONDS = 8;
  private static final String HOST = "127.0.0.1";

  /** How it ended. @param rank who ended first with a failure; -1 for nobody */
  record End(int rank, int status, String lastWords) {
    boolean failed() {
      return rank >= 0;
    }

    @Override
    public String toString() {
      String how =
          status > 128 ? "was killed (status " + status + ")" : "failed with status " + status;
      return "rank " + rank + " " + how + (lastWords.isEmpty() ? "" : ": " + lastWords);
    }
  }

  private record Rank(int number, Process process, StringBuilder lastLine) {}

  private final List<Rank> ranks = new ArrayList<>();
  private final BlockingQueue<Rank> ended = new LinkedBlockingQueue<>();

  private RankProcesses() {}

  /**
   * Runs a command line of mvq in so many ranks until all have ended. Load LibTorch before: ranks
   * that unpack it at the same time get in each other's way.
   */
  static End run(List<String> arguments, int count) throws IOException, InterruptedException {
    RankProcesses processes = new RankProcesses();
    Thread farewell = new Thread(processes::stop, "mvq-ranks");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      processes.start(arguments, count);
      return processes.await();
    } finally {
      processes.kill();
      forget(farewell);
    }
  }

  private static void forget(Thread farewell) {
    try {
      Runtime.getRuntime().removeShutdownHook(farewell);
    } catch (IllegalStateException alreadyEnding) {
      return; // it waits for the ranks
    }
  }

  private void start(List<String> arguments, int count) throws IOException {
    int port = freePort();
    for (int number = 0; number < count; number++) {
      ProcessBuilder builder = new ProcessBuilder(command(arguments));
      builder.environment().putAll(new Rendezvous(number, count, number, HOST, port).environment());
      builder.environment().putIfAbsent("TORCH_CPP_LOG_LEVEL", "FATAL"); // mvq says it in a line
      if (number == 0) {
        builder.inheritIO();
      } else {
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      }
      Rank rank = new Rank(number, builder.start(), new StringBuilder());
      if (number > 0) {
        listen(rank);
      }
      ranks.add(rank);
      rank.process().onExit().thenAccept(process -> ended.add(rank));
    }
  }

  private static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return command;
  }

  /** A port that is free now; should another take it, rank 0 says so. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  /** Keeps the last line of what a rank that nobody sees complains of. */
  private static void listen(Rank rank) {
    Thread listener =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(
                      new InputStreamReader(
                          rank.process().getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  synchronized (rank) {
                    rank.lastLine().setLength(0);
                    rank.lastLine().append(line);
                  }
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "mvq-rank-" + rank.number());
    listener.setDaemon(true);
    listener.start();
  }

  private End await() throws InterruptedException {
    End end = new End(-1, 0, "");
    for (int i = 0; i < ranks.size(); i++) {
      Rank rank = end.failed() ? ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) : ended.take();
      if (rank == null) {
        return end; // the rest is killed
      }
      int status = rank.process().exitValue();
      // Those who miss a rank may end before the death of the one they miss is known.
      if (status != 0 && (!end.failed() || status > 128 && end.status() <= 128)) {
        synchronized (rank) {
          end = new End(rank.number(), status, rank.lastLine().toString());
        }
      }
    }
    return end;
  }

  /** Ctrl-C, or a polite kill of this process alone: all stop with a checkpoint. */
  private void stop() {
    ranks.forEach(rank -> rank.process().destroy());
    for (Rank rank : ranks) {
      try {
        rank.process().waitFor(2, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void kill() {
    ranks.forEach(rank -> rank.process().destroyForcibly());
  }
}
