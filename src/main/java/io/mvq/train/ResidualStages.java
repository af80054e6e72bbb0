package io.mvq.train;

/** The codebooks of {@code rvq}'s stages: equal ones that together take the bits of a winner. */
final class ResidualStages {
  private ResidualStages() {}

  /** Codes of each of so many stages: their product is the number of hypotheses. */
  static int codes(int hypotheses, int stages) {
    int codes = (int) Math.round(Math.pow(hypotheses, 1.0 / stages));
    if (Math.pow(codes, stages) != hypotheses) {
      throw Limits.bad(
          "model.hypotheses",
          "must be a whole number to the power of model.residualStages " + stages,
          hypotheses);
    }
    return codes;
  }
}
