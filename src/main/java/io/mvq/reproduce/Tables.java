package io.mvq.reproduce;

import io.mvq.run.Result;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results as Markdown, ready for docs. */
final class Tables {
  private Tables() {}

  /** Claims first, then a table a section, then the speeds. */
  static String text(
      String heading,
      List<Claim> claims,
      Map<String, List<TrialResult>> sections,
      List<SamplingSpeed.Timing> timings) {
    StringBuilder text = new StringBuilder(heading);
    text.append("\n## Claims\n\n");
    text.append("| claim | on | features | tokens | against | its losses | measured | verdict |\n");
    text.append("|").append(" --- |".repeat(8)).append('\n');
    for (Claim claim : claims) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %d | %s | %s | %s | %s |%n",
              claim.claim(),
              claim.dataset() == null ? "fresh networks" : claim.dataset(),
              claim.features() == null ? "-" : claim.features(),
              claim.tokens(),
              claim.baseline(),
              claim.losses() == null ? "-" : claim.losses(),
              claim.speedup() == null
                  ? claim.detail()
                  : String.format(Locale.ROOT, "%.1fx (%s)", claim.speedup(), claim.detail()),
              claim.verdict()));
    }
    sections.forEach((name, results) -> section(text, name, results));
    if (!timings.isEmpty()) {
      speeds(text, timings);
    }
    return text.toString();
  }

  private static void section(StringBuilder text, String name, List<TrialResult> results) {
    if (results.isEmpty()) {
      return;
    }
    text.append("\n## ").append(name).append('\n');
    TrialResult.networks(results).forEach(network -> table(text, network, results));
  }

  /** What was measured with one network. */
  private static void table(StringBuilder text, String network, List<TrialResult> results) {
    text.append("\nOn features of ").append(network).append(":\n\n");
    text.append(
        "| system | images | tokens | K | seed | bits + mask | FD winner | FD random mask | FD samples"
            + " | FD held-out images | precision | recall | PSNR winner | PSNR random | perplexity | codes used | parameters |\n");
    text.append("|").append(" --- |".repeat(17)).append('\n');
    for (TrialResult one : results) {
      Result result = one.on(network);
      if (result == null) {
        continue;
      }
      Result.Frechet frechet = result.frechet();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %d | %d | %.0f + %.0f | %s | %s | %s | %s | %s | %s | %s | %s | %.1f | %s | %d |%n",
              one.trial().contestant().name(),
              one.trial().dataset(),
              one.trial().tokens(),
              one.trial().codes(),
              one.trial().seed(),
              result.bits(),
              result.maskBits(),
              number(frechet.winner()),
              number(frechet.randomMask()),
              number(frechet.samples()),
              number(frechet.real()),
              number(result.precision()),
              number(result.recall()),
              number(result.heldOut().psnrWinner()),
              number(result.heldOut().psnrRandomMask()),
              result.perplexity(),
              number(result.codesUsed()),
              result.parameters()));
    }
  }

  private static void speeds(StringBuilder text, List<SamplingSpeed.Timing> timings) {
    text.append("\n## Sampling speed\n\n");
    text.append("| prior | batch | system | tokens | ms an image, tokens | with decoding |\n");
    text.append("| --- | --- | --- | --- | --- | --- |\n");
    for (SamplingSpeed.Timing one : timings) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %s | %d | %.3g | %.3g |%n",
              one.prior(),
              one.batch(),
              one.system(),
              one.tokens(),
              1e3 * one.tokenSeconds(),
              1e3 * one.imageSeconds()));
    }
  }

  private static String number(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
