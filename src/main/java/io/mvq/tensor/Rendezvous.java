package io.mvq.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * Who a process is among those that train one model, and where they meet, as the environment says
 * that torchrun and others make.
 *
 * @param rank its number, from 0
 * @param count of ranks, a power of two
 * @param local its number among those on its machine
 * @param host that rank 0 listens on
 * @param port that rank 0 listens on
 */
public record Rendezvous(int rank, int count, int local, String host, int port) {
  /** The variables of the environment, in the order of the components. */
  public static final String RANK = "RANK";

  public static final String COUNT = "WORLD_SIZE";
  public static final String LOCAL = "LOCAL_RANK";
  public static final String HOST = "MASTER_ADDR";
  public static final String PORT = "MASTER_PORT";

  /** A process by itself, which meets nobody. */
  public static final Rendezvous NONE = new Rendezvous(0, 1, 0, "localhost", 29_500);

  public Rendezvous {
    if (count < 1 || Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException(COUNT + " must be a power of two, got " + count);
    }
    if (rank < 0 || rank >= count) {
      throw new IllegalArgumentException(
          RANK
              + " must be in 0.."
              + (count - 1)
              + ", since "
              + COUNT
              + " is "
              + count
              + ", got "
              + rank);
    }
    if (local < 0) {
      throw new IllegalArgumentException(LOCAL + " must be at least 0, got " + local);
    }
    if (host.isBlank()) {
      throw new IllegalArgumentException(HOST + " must be rank 0's host, got nothing");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(PORT + " must be in 1..65535, got " + port);
    }
  }

  /** What an environment says; {@link #NONE} if it has no {@value #COUNT}. */
  public static Rendezvous of(Map<String, String> environment) {
    if (!environment.containsKey(COUNT)) {
      return NONE;
    }
    int count = number(environment, COUNT);
    if (count == 1) {
      return NONE;
    }
    int rank = number(environment, RANK);
    return new Rendezvous(
        rank,
        count,
        environment.containsKey(LOCAL) ? number(environment, LOCAL) : rank,
        present(environment, HOST),
        number(environment, PORT));
  }

  /** The same as variables. */
  public Map<String, String> environment() {
    return Map.of(
        RANK, "" + rank, COUNT, "" + count, LOCAL, "" + local, HOST, host, PORT, "" + port);
  }

  /** This machine's address on the way to rank 0, by which the other ranks reach it. */
  String ownAddress() {
    try (DatagramSocket way = new DatagramSocket()) {
      way.connect(new InetSocketAddress(host, port)); // sends nothing
      return way.getLocalAddress().getHostAddress();
    } catch (IOException e) {
      throw new UncheckedIOException("there is no way to " + HOST + " " + host, e);
    }
  }

  private static String present(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          COUNT + " is " + environment.get(COUNT) + ", so " + name + " must be set too");
    }
    return value;
  }

  private static int number(Map<String, String> environment, String name) {
    String value = present(environment, name);
    try {
      return Integer.parseInt(value.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number, got " + value, e);
    }
  }
}
