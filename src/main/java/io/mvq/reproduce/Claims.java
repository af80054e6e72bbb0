package io.mvq.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Checks the paper's claims (arXiv 2301.06626, abstract) on finished trials. */
final class Claims {
  /** Percent by which the Frechet distance falls at so many tokens, at best. */
  private static final Map<Integer, Double> REDUCTIONS = Map.of(2, 68.0, 5, 57.0);

  private static final double LEAST_SPEEDUP = 7;
  private static final double MOST_SPEEDUP = 45;

  private final Protocol protocol;
  private final List<TrialResult> results;

  Claims(Protocol protocol, List<TrialResult> results) {
    this.protocol = protocol;
    this.results = results;
  }

  /** Everything that there are trials for. */
  List<Claim> all(List<SamplingSpeed.Timing> timings) {
    List<Claim> claims = new ArrayList<>();
    for (String dataset : protocol.datasets()) {
      for (int tokens : Protocol.TOKENS) {
        Claim claim = distance(dataset, tokens);
        if (claim != null) {
          claims.add(claim);
        }
      }
    }
    for (int tokens : Protocol.TOKENS) {
      Claim claim = widening(protocol.datasets().get(0), tokens);
      if (claim != null) {
        claims.add(claim);
      }
    }
    claims.addAll(speed(timings));
    return claims;
  }

  private Claim distance(String dataset, int tokens) {
    double wanted = REDUCTIONS.get(tokens);
    List<Double> reductions = new ArrayList<>();
    List<Long> seeds = new ArrayList<>();
    for (long seed : protocol.seeds()) {
      Double reduction = reduction(dataset, tokens, protocol.codes(), seed);
      if (reduction != null) {
        reductions.add(reduction);
        seeds.add(seed);
      }
    }
    if (reductions.isEmpty()) {
      return null;
    }
    double mean = reductions.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    List<Double> spread =
        List.of(
            rounded(reductions.stream().mapToDouble(Double::doubleValue).min().orElseThrow()),
            rounded(reductions.stream().mapToDouble(Double::doubleValue).max().orElseThrow()));
    return new Claim(
        String.format(Locale.ROOT, "Frechet distance of samples at least %.0f %% lower", wanted),
        dataset,
        tokens,
        Contestant.VQ.name(),
        rounded(mean),
        spread,
        null,
        seeds,
        Claim.verdict(mean >= wanted),
        String.format(
            Locale.ROOT,
            "%.1f %% (%.1f to %.1f) at %d codes",
            mean,
            spread.get(0),
            spread.get(1),
            protocol.codes()));
  }

  /** Does the gain grow as the codebook shrinks? By the rank correlation of the two. */
  private Claim widening(String dataset, int tokens) {
    long seed = protocol.seeds().get(0);
    TreeMap<Integer, Double> gains = new TreeMap<>();
    for (int codes : protocol.sweep()) {
      Double gain = reduction(dataset, tokens, codes, seed);
      if (gain != null) {
        gains.put(codes, gain);
      }
    }
    if (gains.size() < 2) {
      return null;
    }
    double correlation = RankCorrelation.of(gains);
    boolean holds =
        correlation <= -0.5 && gains.firstEntry().getValue() > gains.lastEntry().getValue();
    StringBuilder detail = new StringBuilder();
    gains.forEach(
        (codes, gain) -> detail.append(String.format(Locale.ROOT, "K %d: %.0f %%, ", codes, gain)));
    detail.append(String.format(Locale.ROOT, "rank correlation %.2f", correlation));
    return new Claim(
        "the gain widens as the codebook shrinks",
        dataset,
        tokens,
        Contestant.VQ.name(),
        rounded(gains.firstEntry().getValue()),
        null,
        null,
        List.of(seed),
        Claim.verdict(holds),
        detail.toString());
  }

  private List<Claim> speed(List<SamplingSpeed.Timing> timings) {
    List<Claim> claims = new ArrayList<>();
    for (SamplingSpeed.Timing ours : timings) {
      if (!ours.system().equals(Contestant.MVQ.name())) {
        continue;
      }
      for (SamplingSpeed.Timing other : timings) {
        if (other.baseline()
            && other.prior().equals(ours.prior())
            && other.batch() == ours.batch()) {
          double speedup = other.tokenSeconds() / ours.tokenSeconds();
          claims.add(
              new Claim(
                  String.format(
                      Locale.ROOT,
                      "token sampling %.0f to %.0f times faster",
                      LEAST_SPEEDUP,
                      MOST_SPEEDUP),
                  null,
                  ours.tokens(),
                  String.format("%s, %d tokens", other.system(), other.tokens()),
                  null,
                  null,
                  rounded(speedup),
                  null,
                  Claim.verdict(speedup >= LEAST_SPEEDUP),
                  String.format(
                      Locale.ROOT,
                      "%s, batch %d; with decoding %.1fx",
                      ours.prior(),
                      ours.batch(),
                      other.imageSeconds() / ours.imageSeconds())));
        }
      }
    }
    return claims;
  }

  /** Percent by which MVQ's samples are nearer; null unless both systems have finished. */
  Double reduction(String dataset, int tokens, int codes, long seed) {
    Double vq = samples(new Trial(dataset, Contestant.VQ, tokens, codes, seed));
    Double mvq = samples(new Trial(dataset, Contestant.MVQ, tokens, codes, seed));
    return vq == null || mvq == null ? null : Claim.reduction(mvq, vq);
  }

  private Double samples(Trial trial) {
    return results.stream()
        .filter(one -> one.trial().equals(trial))
        .map(one -> one.result().frechet().samples())
        .findFirst()
        .orElse(null);
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
