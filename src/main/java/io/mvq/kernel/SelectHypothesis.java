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
      if (latents.width() % head.inputs() != 0) {
        throw new IllegalArgumentException(
            "latents must be a multiple of the head's inputs ("
                + head.inputs()
                + ") wide, got "
                + latents.width());
      }
      long outputs = latents.width() / head.inputs() * head.outputs();
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
      if (matrix.rows() != rows || matrix.width() != width || matrix.stride() != width) {
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
      return winnerPerToken && token > 0 ? base.width() / token : 1;
    }
  }

  /**
   * The best hypotheses of each winner's place, best first.
   *
   * @param index (n, winners, top) hypothesis; -1 where fewer have a loss that is not NaN
   * @param loss (n, winners, top) mean squared error, {@code +inf} where the index is -1
   * @param masks (n * winners * top) masks of c bits
   */
  public record Winners(LongPointer index, FloatPointer loss, MaskBits masks) {
    /** The indices as an array. */
    public long[] indices() {
      return Assignment.longs(index);
    }

    /** The losses as an array. */
    public float[] losses() {
      return new Assignment(index, loss).distances();
    }
  }

  /** The winner among h hypotheses whose masks are drawn as {@link DropoutMasks} draws them. */
  public static Winners select(Question question, long h, Dropout dropout, Where where) {
    return select(question, h, 1, null, dropout, where);
  }

  /** The {@code top} best hypotheses of the given masks, h for each row. */
  public static Winners select(Question question, MaskBits masks, int top, Where where) {
    long n = question.latents().rows();
    if (masks.bits() != question.channels() || (n > 0 && masks.count() % n != 0)) {
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
    if (top < 1 || top > h) {
      throw new IllegalArgumentException("top must be in 1.." + h + " (h), got " + top);
    }
    long results = question.latents().rows() * question.winners() * top;
    Winners winners =
        new Winners(
            new LongPointer(results),
            new FloatPointer(results),
            MaskBits.allocate(results, question.channels()));
    select(question, h, top, masks, dropout, where, winners);
    return winners;
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
    long n = question.latents().rows();
    long results = n * question.winners() * top;
    Native.requireCapacity(into.index(), results, "index");
    FloatPointer loss = Checks.optional(into.loss(), results, "loss");
    LongPointer winnerMasks =
        Checks.words(into.masks(), results, question.channels(), "winners' masks");
    LongPointer given = Checks.words(masks, Math.multiplyExact(n, h), question.channels(), "masks");
    mvq_where place = Native.where(where);
    try (mvq_select_hypothesis_args args = new mvq_select_hypothesis_args()) {
      Head head = question.head();
      args.n(n).p(question.latents().width() / head.inputs()).c(question.channels()).h(h);
      args.d(question.token()).winner_per_token(question.winnerPerToken() ? 1 : 0).top(top);
      args.latents(question.latents().data());
      head.fill(args.head());
      args.base(question.base().data()).target(question.target().data());
      args.masks(given);
      if (dropout != null) {
        dropout.fill(args.dropout());
      }
      args.index(into.index()).loss(loss).winner_masks(winnerMasks);
      long bytes = mvq_select_hypothesis_workspace_bytes(args, place);
      int status =
          Native.run(
              where, bytes, workspace -> mvq_select_hypothesis(args, place, workspace, bytes));
      Native.finish(status, question, masks, into);
    }
  }
}
