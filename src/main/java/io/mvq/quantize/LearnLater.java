package io.mvq.quantize;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Lets codebooks learn once a step from all of its passes' rows: while one is open on a thread,
 * {@link Codebook#learn} there keeps its rows instead.
 */
public final class LearnLater implements AutoCloseable {
  private static final ThreadLocal<LearnLater> OPEN = new ThreadLocal<>();

  private record Rows(TensorVector rows, TensorVector index) {}

  // Codebooks have no equals of their own: each is itself. In the order of their first rows.
  private final Map<Codebook, Rows> kept = new LinkedHashMap<>();
  private final LearnLater before = OPEN.get();

  /** Opens one. */
  public LearnLater() {
    OPEN.set(this);
  }

  /** Keeps rows, if one is open; returns whether. */
  static boolean keep(Codebook codebook, Tensor rows, Tensor index) {
    LearnLater open = OPEN.get();
    if (open == null) {
      return false;
    }
    Rows all =
        open.kept.computeIfAbsent(
            codebook,
            one ->
                new Rows(
                    new TensorVector().retainReference(), new TensorVector().retainReference()));
    all.rows().push_back(rows.detach().clone());
    all.index().push_back(index.clone());
    return true;
  }

  /**
   * Lets the codebooks learn, each from its rows in the order in which they came.
   *
   * @param gathered the rows of all ranks, of a rank's own
   */
  public void learn(UnaryOperator<Tensor> gathered) {
    kept.forEach(
        (codebook, all) -> {
          try (PointerScope scope = new PointerScope()) {
            Tensor rows = gathered.apply(torch.cat(all.rows(), 0));
            codebook.learnNow(rows, gathered.apply(torch.cat(all.index(), 0)));
          }
          all.rows().close();
          all.index().close();
        });
    kept.clear();
  }

  /** Stops keeping; rows that were not learned from are forgotten. */
  @Override
  public void close() {
    if (OPEN.get() == this) {
      OPEN.set(before);
    }
  }
}
