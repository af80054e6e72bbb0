package io.mvq.reproduce;

import io.mvq.run.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

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
          Contest same = new Contest(dataset, network, tokens, Contestant.VQ, Contestant.MVQ);
          List<Claim> cells = cells(same);
          add(claims, best(same, cells));
          claims.addAll(cells);
          add(claims, widening(same));
          pairs(tokens)
              .forEach(
                  (baseline, ours) -> {
                    Contest other = new Contest(dataset, network, tokens, baseline, ours);
                    claims.addAll(cells(other));
                  });
        }
      }
    }
    claims.addAll(speed(timings));
    combinings.forEach(one -> claims.add(smooth(one)));
    return claims;
  }

  /** Further baselines and who is held against them. */
  private Map<Contestant, Contestant> pairs(int tokens) {
    Map<Contestant, Contestant> pairs = new LinkedHashMap<>();
    pairs.put(Contestant.VQ_VAE, Contestant.MVQ);
    if (tokens > 2) {
      pairs.put(Contestant.vqgan(protocol), Contestant.MVQ);
      pairs.put(Contestant.HIERARCHY, Contestant.HIERARCHY_MVQ);
      pairs.put(Contestant.VQ_VAE_2, Contestant.HIERARCHY_MVQ);
    }
    return pairs;
  }

  /** Who is held against whom, on what. */
  private record Contest(
      String dataset, String network, int tokens, Contestant baseline, Contestant ours) {
    Trial trial(Contestant one, int codes, long seed) {
      return new Trial(dataset, one, tokens, codes, seed);
    }

    String losses() {
      return baseline.drawn() == ours.drawn() ? "same" : "published";
    }
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

  /** A claim for each K that both have finished with. */
  private List<Claim> cells(Contest contest) {
    return Stream.concat(Stream.of(protocol.codes()), protocol.sweep().stream())
        .distinct()
        .sorted()
        .map(codes -> distance(contest, codes))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The paper says "up to": the best cell carries the claim. */
  private static Claim best(Contest contest, List<Claim> cells) {
    return cells.stream()
        .max(Comparator.comparingDouble(Claim::reduction))
        .map(
            cell ->
                new Claim(
                    String.format(
                        Locale.ROOT,
                        "Frechet distance of samples lower by up to %.0f %%",
                        REDUCTIONS.get(contest.tokens())),
                    cell.dataset(),
                    cell.tokens(),
                    cell.features(),
                    cell.codes(),
                    cell.baseline(),
                    cell.losses(),
                    cell.look(),
                    cell.reduction(),
                    cell.spread(),
                    null,
                    cell.seeds(),
                    cell.verdict(),
                    "best of " + cells.size() + " codebooks: " + cell.detail()))
        .orElse(null);
  }

  private Claim distance(Contest contest, int codes) {
    double wanted = REDUCTIONS.get(contest.tokens());
    List<Double> reductions = new ArrayList<>();
    List<Long> seeds = new ArrayList<>();
    for (long seed : protocol.seeds()) {
      Double reduction = reduction(contest, codes, seed);
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
        contest.dataset(),
        contest.tokens(),
        contest.network(),
        codes,
        contest.baseline().name(),
        contest.losses(),
        look(contest, codes, seeds.get(0)),
        rounded(mean),
        List.of(rounded(least), rounded(most)),
        null,
        seeds,
        Claim.verdict(mean >= wanted),
        String.format(Locale.ROOT, "%.1f %% (%.1f to %.1f) at K %d", mean, least, most, codes));
  }

  /** Does the gain grow as the codebook shrinks? By the rank correlation of the two. */
  private Claim widening(Contest contest) {
    TreeMap<Integer, Double> gains = gains(contest);
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
    long seed = protocol.seeds().get(0);
    return new Claim(
        "the gain widens as the codebook shrinks",
        contest.dataset(),
        contest.tokens(),
        contest.network(),
        null,
        contest.baseline().name(),
        contest.losses(),
        look(contest, gains.firstKey(), seed),
        rounded(gains.firstEntry().getValue()),
        null,
        null,
        List.of(seed),
        Claim.verdict(holds),
        detail.toString());
  }

  /** The gain by the size of the codebook, where both systems have finished. */
  private TreeMap<Integer, Double> gains(Contest contest) {
    TreeMap<Integer, Double> gains = new TreeMap<>();
    for (int codes : protocol.sweep()) {
      Double gain = reduction(contest, codes, protocol.seeds().get(0));
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
        TreeMap<Integer, Double> gains =
            gains(new Contest(dataset, network, tokens, Contestant.VQ, Contestant.MVQ));
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
        null,
        Contestant.VQ.name() + ", tokens swapped",
        "same",
        null,
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
                  null,
                  String.format("%s, %d tokens", other.system(), other.tokens()),
                  null,
                  null,
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
  private Double reduction(Contest contest, int codes, long seed) {
    Double theirs = samples(contest, contest.trial(contest.baseline(), codes, seed));
    Double nearer = samples(contest, contest.trial(contest.ours(), codes, seed));
    return theirs == null || nearer == null ? null : Claim.reduction(nearer, theirs);
  }

  private Double samples(Contest contest, Trial trial) {
    Result result = result(contest, trial);
    return result == null ? null : result.frechet().samples();
  }

  private String look(Contest contest, int codes, long seed) {
    return result(contest, contest.trial(contest.ours(), codes, seed)).look();
  }

  private Result result(Contest contest, Trial trial) {
    return results.stream()
        .filter(one -> one.trial().equals(trial))
        .map(one -> one.on(contest.network()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
