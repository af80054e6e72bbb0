package io.mvq.tensor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;
import org.bytedeco.pytorch.gloo.Device;

/**
 * The processes that train one model together, numbered from 0, and what they exchange: LibTorch's
 * c10d with Gloo. All of them make the same calls in the same order. One of whom another is lost,
 * or waits longer than it may, throws {@link LostRankException}. A process joins once, for as long
 * as it lives.
 */
public final class Ranks {
  /** One process by itself: nothing is exchanged. */
  public static final Ranks ALONE = new Ranks(0, 1, null, null);

  /** What c10d's threads use until the process ends: the collector must not free any of it. */
  private static final Queue<Object> ALIVE = new ConcurrentLinkedQueue<>();

  private final int rank;
  private final int count;
  private final TCPStore store;
  private final ProcessGroupGloo group;

  private long nanoseconds;

  private Ranks(int rank, int count, TCPStore store, ProcessGroupGloo group) {
    this.rank = rank;
    this.count = count;
    this.store = store;
    this.group = group;
  }

  /**
   * Meets the others.
   *
   * @param patience longest wait for another rank, now and at each exchange
   * @throws LostRankException if not all of them come in time, or rank 0 cannot listen there
   */
  public static Ranks join(Rendezvous at, Duration patience) {
    if (at.count() == 1) {
      return ALONE;
    }
    Loader.load(torch_gloo.class);
    String lost =
        String.format(
            "rank %d of %d did not meet the others at %s:%d within %d s",
            at.rank(), at.count(), at.host(), at.port(), patience.toSeconds());
    return asked(lost, () -> meet(at, new Milliseconds(patience.toMillis())));
  }

  private static Ranks meet(Rendezvous at, Milliseconds patience) {
    TCPStoreOptions options = new TCPStoreOptions();
    options.port((short) at.port());
    options.isServer(at.rank() == 0);
    options.waitWorkers(false);
    options.timeout().put(patience);
    TCPStore store = new TCPStore(at.host(), options);
    ProcessGroupGloo.Options gloo = ProcessGroupGloo.Options.create(patience);
    Device device = ProcessGroupGloo.createDeviceForHostname(at.ownAddress());
    gloo.devices().push_back(device);
    PrefixStore addresses = new PrefixStore("gloo/", store);
    ProcessGroupGloo group = new ProcessGroupGloo(addresses, at.rank(), at.count(), gloo);
    for (Pointer one : List.of(store, options, device, gloo, addresses, group)) {
      ALIVE.add(one.retainReference());
    }
    return new Ranks(at.rank(), at.count(), store, group);
  }

  /** This process's number, from 0. */
  public int rank() {
    return rank;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Whether this one logs, shows and writes: exactly one of them does. */
  public boolean leads() {
    return rank == 0;
  }

  /**
   * The sum over the ranks, with the same bits for each, whoever they are: pairs of neighbours are
   * added, then pairs of pairs. With equal parts of 2^k numbered tensors added alike within a rank,
   * it is the sum of that one tree of all of them, however many ranks share it.
   *
   * @param own of the same shape and type everywhere; stays as it is
   */
  public Tensor sum(Tensor own) {
    Tensor sum = own.cpu().contiguous();
    for (int distance = 1; distance < count; distance *= 2) {
      // a + b has the bits of b + a, so both of a pair go on with the same.
      sum = sum.add(traded(sum, rank ^ distance, distance));
    }
    return Devices.like(sum, own);
  }

  private Tensor traded(Tensor mine, int other, int tag) {
    Tensor theirs = torch.empty_like(mine);
    return exchanged(
        "rank " + other,
        () -> {
          try (PointerScope scope = new PointerScope()) {
            Work sent = group.send(new TensorVector(mine), other, tag);
            Work received = group.recv(new TensorVector(theirs), other, tag);
            sent._wait();
            received._wait();
          }
          return theirs;
        });
  }

  /**
   * All ranks' rows in the order of the ranks.
   *
   * @param own (n, ...), of the same shape and type everywhere
   * @return (ranks * n, ...)
   */
  public Tensor gather(Tensor own) {
    if (count == 1) {
      return own;
    }
    Tensor mine = own.cpu().contiguous();
    long[] shape = Shapes.of(mine);
    shape[0] *= count;
    Tensor all = torch.empty(shape, mine.options(), null);
    return exchanged(
        "another rank",
        () -> {
          try (PointerScope scope = new PointerScope()) {
            group._allgather_base(all, mine)._wait();
          }
          return Devices.like(all, own);
        });
  }

  /** Whether any rank says so. */
  public boolean any(boolean here) {
    return count == 1
        ? here
        : gather(torch.full(new long[] {1}, new Scalar(here ? 1 : 0))).sum().item_float() > 0;
  }

  /** Waits until all ranks are here. */
  public void meet() {
    gather(torch.zeros(1));
  }

  /**
   * Throws, on every rank, unless a text is the same on all.
   *
   * @param what it is, for the error; another at each call
   */
  public void agree(String what, String text) {
    if (count == 1) {
      return;
    }
    String lost = "rank " + rank + " waited in vain to hear another rank's " + what;
    asked(lost, () -> tell(what + "/" + rank, text));
    String first = asked(lost, () -> told(what + "/0"));
    for (int other = 1; other < count; other++) {
      String key = what + "/" + other;
      String theirs = asked(lost, () -> told(key));
      if (!theirs.equals(first)) {
        throw new IllegalArgumentException(
            String.format(
                "ranks must have the same %s: rank 0 has %s, rank %d %s",
                what, first, other, theirs));
      }
    }
  }

  private Object tell(String key, String text) {
    store.set(key, new ByteVector(text.getBytes(StandardCharsets.UTF_8)));
    return null;
  }

  private String told(String key) {
    ByteVector bytes = store.get(key);
    byte[] copy = bytes.get();
    return new String(copy, StandardCharsets.UTF_8);
  }

  private <T> T exchanged(String whom, Supplier<T> exchange) {
    long start = System.nanoTime();
    T result = asked("rank " + rank + " lost " + whom, exchange);
    nanoseconds += System.nanoTime() - start;
    return result;
  }

  /** Seconds that exchanges took so far, waiting for slower ranks included. */
  public double seconds() {
    return nanoseconds / 1e9;
  }

  /** What c10d throws has a C++ stack; its first line says what happened. */
  private static <T> T asked(String lost, Supplier<T> exchange) {
    try {
      return exchange.get();
    } catch (RuntimeException e) {
      String reason = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
      throw new LostRankException(lost + ": " + reason.replaceFirst("^\\[.*?\\] ", ""), e);
    }
  }
}
