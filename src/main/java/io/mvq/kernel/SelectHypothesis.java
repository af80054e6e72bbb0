package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_select_hypothesis;
import static io.mvq.kernel.binding.MvqNative.mvq_select_hypothesis_workspace_bytes;

import io.mvq.kernel.binding.mvq_select_hypothesis_args;
import io.mvq.kernel.binding.mvq_where;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Winner-takes-all over h masked latents (arXiv 2301.06626, section 3): for row i and hypothesis j,
 * {@code y = base + head(m_ij * latents)}; the winner has the smallest mean of {@code (y -
 * target)^2}. No hypothesis is stored.
 */
public final class SelectHypothesis {
  private SelectHypothesis() {}

  /**
   * What to select from.
   *
   * @param latents (n, p * inputs): p positions a row, each through the same head
   * @param channels bits a mask; divides the head's inputs, input x is kept by bit {@code x %
   *     channels}
   * @param base (n, p * outputs)
   * @param target (n, p * outputs)
   * @param token floats a token, dividing the head's outputs
   * @param winnerPerToken one winner for each token instead of one a row
   */
  public record Question(
      FloatMatrix latents,
      long channels,
      Head head,
      FloatMatrix base,
      FloatMatrix target,
      long token,
      boolean winnerPerToken) {
    public Question {
      Checks.given(latents, "latents");
      Checks.given(head, "head");
      Checks.atLeast("channels", channels, 1);
      Checks.atLeast("token", token, 1);
      if (latents.width() % head.inputs() != 0) {
        throw new IllegalArgumentException(
            "latents must be a multiple of the head's inputs ("
                + head.inputs()
                + ") wide, got "
                + latents.width());
      }
      long outputs =
          Checks.product(
              latents.width() / head.inputs(), head.outputs(), "positions * the head's outputs");
      requireLike("base", base, latents.rows(), outputs);
      requireLike("target", target, latents.rows(), outputs);
      if (latents.stride() != latents.width()) {
        throw new IllegalArgumentException(
            "latents must be dense (stride "
                + latents.width()
                + "), got stride "
                + latents.stride());
      }
    }

    private static void requireLike(String name, FloatMatrix matrix, long rows, long width) {
      if (Checks.given(matrix, name).rows() != rows
          || matrix.width() != width
          || matrix.stride() != width) {
        throw new IllegalArgumentException(
            name
                + " must be a dense ("
                + rows
                + ", "
                + width
                + ") matrix, got ("
                + matrix.rows()
                + ", "
                + matrix.width()
                + ") with stride "
                + matrix.stride());
      }
    }

    /** Winners a row. */
    public long winners() {
      return winnerPerToken ? base.width() / token : 1;
    }
  }

  /**
   * The best hypotheses of each winner's place, best first.
   *
   * @param index (n, winners, top) hypothesis; -1 where fewer have a loss that is not NaN
   * @param loss (n, winners, top) mean squared error, {@code +inf} where the index is -1; null if
   *     it was not asked for
   * @param masks (n * winners * top) masks of c bits; null if they were not asked for
   */
  public record Winners(LongPointer index, FloatPointer loss, MaskBits masks) {
    public Winners {
      Operands.own(Checks.given(index, "index"));
      Operands.own(loss);
    }

    /** The indices as an array. */
    public long[] indices() {
      return Assignment.longs(index, "index");
    }

    /** The losses as an array. */
    public float[] losses() {
      return Assignment.floats(loss, "loss");
    }
  }

  /** The winner among h hypotheses whose masks are drawn as {@link DropoutMasks} draws them. */
  public static Winners select(Question question, long h, Dropout dropout, Where where) {
    return select(question, h, 1, null, dropout, where);
  }

  /** The {@code top} best hypotheses of the given masks, h for each row. */
  public static Winners select(Question question, MaskBits masks, int top, Where where) {
    long n = Checks.given(question, "question").latents().rows();
    if (Checks.given(masks, "masks").bits() != question.channels()
        || (n > 0 && masks.count() % n != 0)) {
      throw new IllegalArgumentException(
          "masks must be h for each of the "
              + n
              + " rows, of "
              + question.channels()
              + " bits, got "
              + masks.count()
              + " of "
              + masks.bits());
    }
    return select(question, n == 0 ? 1 : masks.count() / n, top, masks, null, where);
  }

  /** The {@code top} best of h hypotheses, drawn from {@code dropout}. */
  public static Winners select(Question question, long h, int top, Dropout dropout, Where where) {
    return select(question, h, top, null, dropout, where);
  }

  private static Winners select(
      Question question, long h, int top, MaskBits masks, Dropout dropout, Where where) {
    Native.requireHostResults(where);
    long results = results(question, h, top);
    Winners winners =
        new Winners(
            Memory.longs(results, "index"),
            Memory.floats(results, "loss"),
            MaskBits.allocate(results, question.channels()));
    select(question, h, top, masks, dropout, where, winners);
    return winners;
  }

  private static long results(Question question, long h, int top) {
    Checks.given(question, "question");
    if (top < 1 || top > h) {
      throw new IllegalArgumentException("top must be in 1.." + h + " (h), got " + top);
    }
    long winners = Checks.product(question.latents().rows(), question.winners(), "rows * winners");
    return Checks.product(winners, top, "winners * top");
  }

  /**
   * Into the caller's memory: the {@code top} best of h hypotheses a row.
   *
   * @param masks h for each row; null to draw them from {@code dropout}
   * @param into its loss and masks may be null
   */
  public static void select(
      Question question,
      long h,
      int top,
      MaskBits masks,
      Dropout dropout,
      Where where,
      Winners into) {
    long results = results(question, h, top);
    Checks.given(into, "into");
    long n = question.latents().rows();
    Checks.masks(into.masks(), results, question.channels(), "winners' masks");
    Checks.masks(masks, Checks.product(n, h, "n * h"), question.channels(), "masks");
    if (masks == null) {
      Checks.given(dropout, "dropout, where no masks are,");
    }
    mvq_where place = Native.where(where);
    try (Operands operands = new Operands();
        mvq_select_hypothesis_args args = new mvq_select_hypothesis_args()) {
      Head head = question.head();
      args.n(n).p(question.latents().width() / head.inputs()).c(question.channels()).h(h);
      args.d(question.token()).winner_per_token(question.winnerPerToken() ? 1 : 0).top(top);
      args.latents(operands.of(question.latents(), "latents"));
      head.fill(args.head(), operands);
      args.base(operands.of(question.base(), "base"));
      args.target(operands.of(question.target(), "target"));
      args.masks(masks == null ? null : operands.of(masks, "masks"));
      if (dropout != null) {
        dropout.fill(args.dropout());
      }
      args.index(operands.owned(into.index(), results, "index"));
      args.loss(operands.ownedOrNull(into.loss(), results, "loss"));
      args.winner_masks(into.masks() == null ? null : operands.of(into.masks(), "winners' masks"));
      long bytes = mvq_select_hypothesis_workspace_bytes(args, place);
      Native.run(where, bytes, workspace -> mvq_select_hypothesis(args, place, workspace, bytes));
      Native.keep(question, masks, into);
    }
  }
}
