package io.mvq.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mvq.run.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Verdicts follow the numbers. */
class ClaimsTest {
  private static final Protocol PROTOCOL =
      new Protocol(
          "small",
          List.of("emoji"),
          List.of(1L, 2L),
          16,
          List.of(16, 64),
          100,
          0,
          Map.of("emoji", 32),
          Map.of("steps", 10L));

  private static TrialResult result(
      Contestant system, int tokens, int codes, long seed, double samples) {
    Result result = measured(system, tokens, codes, samples, "a network");
    return new TrialResult(new Trial("emoji", system, tokens, codes, seed), false, List.of(result));
  }

  private static Result measured(
      Contestant system, int tokens, int codes, double samples, String network) {
    return new Result(
        system.name(),
        tokens,
        codes,
        8,
        0,
        new Result.Frechet(1, 1, samples, null, 100),
        null,
        0.5,
        0.5,
        null,
        3,
        1.0,
        network,
        null,
        10,
        1000,
        1);
  }

  private static List<TrialResult> pair(int tokens, int codes, long seed, double vq, double mvq) {
    return List.of(
        result(Contestant.VQ, tokens, codes, seed, vq),
        result(Contestant.MVQ, tokens, codes, seed, mvq));
  }

  private static List<Claim> claims(List<List<TrialResult>> pairs) {
    List<TrialResult> all = new ArrayList<>();
    pairs.forEach(all::addAll);
    return new Claims(PROTOCOL, all).all(List.of(), List.of());
  }

  @Test
  void aDistanceIsReproducedWhereTheMeanOverSeedsReachesThePapers() {
    Claim claim = claims(List.of(pair(2, 16, 1, 100, 20), pair(2, 16, 2, 100, 44))).get(0);
    assertThat(claim.codes()).isEqualTo(16);
    assertThat(claim.reduction()).isEqualTo(68);
    assertThat(claim.spread()).containsExactly(56.0, 80.0);
    assertThat(claim.seeds()).containsExactly(1L, 2L);
    assertThat(claim.verdict()).isEqualTo("reproduced");
    Claim short_ = claims(List.of(pair(2, 16, 1, 100, 20), pair(2, 16, 2, 100, 46))).get(0);
    assertThat(short_.reduction()).isEqualTo(67);
    assertThat(short_.verdict()).isEqualTo("not reproduced");
  }

  @Test
  void theBestCodebookCarriesUpTo() {
    List<Claim> claims = claims(List.of(pair(2, 16, 1, 100, 50), pair(2, 64, 1, 100, 30)));
    Claim best = claims.get(0);
    assertThat(best.claim()).isEqualTo("Frechet distance of samples lower by up to 68 %");
    assertThat(best.codes()).isEqualTo(64);
    assertThat(best.reduction()).isEqualTo(70);
    assertThat(best.verdict()).isEqualTo("reproduced");
    assertThat(claims.subList(1, 3)).extracting(Claim::codes).containsExactly(16, 64);
    assertThat(claims.subList(1, 3))
        .extracting(Claim::verdict)
        .containsExactly("not reproduced", "reproduced");
  }

  @Test
  void eachClaimSaysWhetherItsBaselineHadOurLosses() {
    List<TrialResult> published =
        List.of(
            result(Contestant.VQ_VAE, 5, 16, 1, 200),
            result(Contestant.vqgan(PROTOCOL), 5, 16, 1, 25));
    List<Claim> claims = claims(List.of(pair(5, 16, 1, 100, 50), published));
    assertThat(claims)
        .extracting(Claim::baseline, Claim::losses, Claim::reduction)
        .containsExactly(
            tuple("VQ", "same", 50.0),
            tuple("VQ", "same", 50.0),
            tuple("VQ-VAE", "published", 75.0),
            tuple("VQGAN", "published", -100.0));
  }

  @Test
  void atFiveTokensThePaperSaysFiftySeven() {
    assertThat(claims(List.of(pair(5, 16, 1, 100, 43))).get(0).verdict()).isEqualTo("reproduced");
    assertThat(claims(List.of(pair(5, 16, 1, 100, 44))).get(0).verdict())
        .isEqualTo("not reproduced");
  }

  @Test
  void aSystemWithoutItsBaselineGivesNoVerdict() {
    assertThat(claims(List.of(List.of(result(Contestant.MVQ, 2, 16, 1, 5))))).isEmpty();
  }

  @Test
  void theGainWidensWhereItIsLargerAtTheSmallerCodebook() {
    Claim wider =
        claims(List.of(pair(2, 16, 1, 100, 40), pair(2, 64, 1, 100, 60))).stream()
            .filter(c -> c.claim().contains("widens"))
            .findFirst()
            .orElseThrow();
    assertThat(wider.verdict()).isEqualTo("reproduced");
    assertThat(wider.detail()).isEqualTo("K 16: 60 %, K 64: 40 %, rank correlation -1.00");
    Claim narrower =
        claims(List.of(pair(2, 16, 1, 100, 60), pair(2, 64, 1, 100, 40))).stream()
            .filter(c -> c.claim().contains("widens"))
            .findFirst()
            .orElseThrow();
    assertThat(narrower.verdict()).isEqualTo("not reproduced");
  }

  @Test
  void everyNetworkHasAVerdictOfItsOwn() {
    List<TrialResult> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      TrialResult one = pair(2, 16, 1, 100, 20).get(i);
      Result blind = measured(one.trial().contestant(), 2, 16, 50, "another network");
      both.add(new TrialResult(one.trial(), false, List.of(one.results().get(0), blind)));
    }
    List<Claim> claims = new Claims(PROTOCOL, both).all(List.of(), List.of());
    assertThat(claims)
        .extracting(Claim::features, Claim::reduction, Claim::verdict)
        .containsExactly(
            tuple("a network", 80.0, "reproduced"),
            tuple("a network", 80.0, "reproduced"),
            tuple("another network", 0.0, "not reproduced"),
            tuple("another network", 0.0, "not reproduced"));
  }

  @Test
  void combiningIsSmoothWhereNoStepIsAsLongAsASwappedToken() {
    List<Combining> ways =
        List.of(
            new Combining("emoji", 2, 1, "a network", 0.3, 0.8, 0.1, 0.2),
            new Combining("emoji", 5, 1, "a network", 0.6, 0.5, 0.1, 0.2));
    List<Claim> claims = new Claims(PROTOCOL, List.of()).all(List.of(), ways);
    assertThat(claims).extracting(Claim::verdict).containsExactly("reproduced", "not reproduced");
    assertThat(claims.get(0).detail()).contains("0.30", "0.80", "0.10", "0.20");
  }

  @Test
  void speedIsTheBaselinesTimeOverOursWithTheSamePriorAndBatch() {
    List<SamplingSpeed.Timing> timings =
        List.of(
            new SamplingSpeed.Timing("transformer", 1, "MVQ", 2, false, 0.01, 0.02),
            new SamplingSpeed.Timing("transformer", 1, "VQ", 64, true, 0.5, 0.6),
            new SamplingSpeed.Timing("transformer", 1, "VQ", 256, true, 0.06, 0.6),
            new SamplingSpeed.Timing("transformer", 64, "VQ", 64, true, 9, 9),
            new SamplingSpeed.Timing("pixelcnn", 1, "VQ", 64, true, 9, 9));
    List<Claim> claims = new Claims(PROTOCOL, List.of()).all(timings, List.of());
    assertThat(claims).hasSize(2);
    assertThat(claims.get(0).speedup()).isEqualTo(50);
    assertThat(claims.get(0).baseline()).isEqualTo("VQ, 64 tokens");
    assertThat(claims.get(0).verdict()).isEqualTo("reproduced");
    assertThat(claims.get(1).speedup()).isEqualTo(6);
    assertThat(claims.get(1).verdict()).isEqualTo("not reproduced");
  }
}
