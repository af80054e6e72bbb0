package io.mvq.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
  List<Claim> all(List<SamplingSpeed.Timing> timings, List<Combining> combinings) {
    List<Claim> claims = new ArrayList<>();
    for (String dataset : protocol.datasets()) {
      for (String network : networks(dataset)) {
        for (int tokens : Protocol.TOKENS) {
          add(claims, distance(dataset, network, tokens, Contestant.VQ, Contestant.MVQ));
          add(
              claims,
              distance(
                  dataset,
                  network,
                  tokens,
                  Contestant.VQ.judged(protocol),
                  Contestant.MVQ.judged(protocol)));
        }
      }
    }
    String first = protocol.datasets().get(0);
    for (String network : networks(first)) {
      for (int tokens : Protocol.TOKENS) {
        add(claims, widening(first, network, tokens));
      }
    }
    claims.addAll(speed(timings));
    combinings.forEach(one -> claims.add(smooth(one)));
    return claims;
  }

  private static void add(List<Claim> claims, Claim claim) {
    if (claim != null) {
      claims.add(claim);
    }
  }

  private Set<String> networks(String dataset) {
    return TrialResult.networks(
        results.stream().filter(one -> one.trial().dataset().equals(dataset)).toList());
  }

  private Claim distance(
      String dataset, String network, int tokens, Contestant baseline, Contestant ours) {
    double wanted = REDUCTIONS.get(tokens);
    List<Double> reductions = new ArrayList<>();
    List<Long> seeds = new ArrayList<>();
    for (long seed : protocol.seeds()) {
      Double reduction =
          reduction(network, new Trial(dataset, baseline, tokens, protocol.codes(), seed), ours);
      if (reduction != null) {
        reductions.add(reduction);
        seeds.add(seed);
      }
    }
    if (reductions.isEmpty()) {
      return null;
    }
    double mean = reductions.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double least = reductions.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double most = reductions.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return new Claim(
        String.format(Locale.ROOT, "Frechet distance of samples at least %.0f %% lower", wanted),
        dataset,
        tokens,
        network,
        baseline.name(),
        rounded(mean),
        List.of(rounded(least), rounded(most)),
        null,
        seeds,
        Claim.verdict(mean >= wanted),
        String.format(
            Locale.ROOT,
            "%.1f %% (%.1f to %.1f) at %d codes",
            mean,
            least,
            most,
            protocol.codes()));
  }

  /** Does the gain grow as the codebook shrinks? By the rank correlation of the two. */
  private Claim widening(String dataset, String network, int tokens) {
    TreeMap<Integer, Double> gains = gains(dataset, network, tokens);
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
        network,
        Contestant.VQ.name(),
        rounded(gains.firstEntry().getValue()),
        null,
        null,
        List.of(protocol.seeds().get(0)),
        Claim.verdict(holds),
        detail.toString());
  }

  /** The gain by the size of the codebook, where both systems have finished. */
  private TreeMap<Integer, Double> gains(String dataset, String network, int tokens) {
    TreeMap<Integer, Double> gains = new TreeMap<>();
    for (int codes : protocol.sweep()) {
      long seed = protocol.seeds().get(0);
      Double gain =
          reduction(
              network, new Trial(dataset, Contestant.VQ, tokens, codes, seed), Contestant.MVQ);
      if (gain != null) {
        gains.put(codes, gain);
      }
    }
    return gains;
  }

  /** The codebook sweep's lines of two points or more, by what they are of. */
  Map<String, TreeMap<Integer, Double>> sweeps() {
    String dataset = protocol.datasets().get(0);
    Map<String, TreeMap<Integer, Double>> lines = new LinkedHashMap<>();
    for (String network : networks(dataset)) {
      for (int tokens : Protocol.TOKENS) {
        TreeMap<Integer, Double> gains = gains(dataset, network, tokens);
        if (gains.size() > 1) {
          lines.put(tokens + " tokens, " + network.replaceAll(" \\(.*", ""), gains);
        }
      }
    }
    return lines;
  }

  /** Smoother than swapping plain VQ's tokens one by one; blending its vectors stands beside. */
  private static Claim smooth(Combining one) {
    return new Claim(
        "images combine smoothly: a shorter longest step than by swapping tokens",
        one.dataset(),
        one.tokens(),
        one.distance(),
        Contestant.VQ.name() + ", tokens swapped",
        null,
        null,
        null,
        List.of(one.seed()),
        Claim.verdict(one.longest() < one.swapped()),
        String.format(
            Locale.ROOT,
            "longest step %.2f of the way, swapped tokens %.2f, VQ's vectors blended %.2f, pixels %.2f",
            one.longest(),
            one.swapped(),
            one.plain(),
            one.blended()));
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
                  null,
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

  /** Percent by which our samples are nearer; null unless both systems have finished. */
  private Double reduction(String network, Trial baseline, Contestant ours) {
    Trial mine =
        new Trial(baseline.dataset(), ours, baseline.tokens(), baseline.codes(), baseline.seed());
    Double theirs = samples(network, baseline);
    Double nearer = samples(network, mine);
    return theirs == null || nearer == null ? null : Claim.reduction(nearer, theirs);
  }

  private Double samples(String network, Trial trial) {
    return results.stream()
        .filter(one -> one.trial().equals(trial))
        .map(one -> one.on(network))
        .filter(Objects::nonNull)
        .map(result -> result.frechet().samples())
        .findFirst()
        .orElse(null);
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
