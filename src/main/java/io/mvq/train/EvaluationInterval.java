package io.mvq.train;

/**
 * How often a training shows what it makes of held-out images. It changes no number of a run.
 *
 * @param steps a step whose number is a multiple of it; 0 for never
 */
public record EvaluationInterval(long steps) {
  /** Never. */
  public static final EvaluationInterval NEVER = new EvaluationInterval(0);

  private static final long USUAL = 500;
  private static final long MOST = 100; // evaluations of a long stage, so that pictures stay few

  public EvaluationInterval {
    if (steps < 0) {
      throw new IllegalArgumentException(
          "evaluate-every must be at least 0 steps (0 for never), got " + steps);
    }
  }

  /** What a stage of so many steps has that asks for nothing else: 500, or a hundredth of them. */
  public static EvaluationInterval usual(long steps) {
    return new EvaluationInterval(Math.max(USUAL, steps / MOST));
  }
}
