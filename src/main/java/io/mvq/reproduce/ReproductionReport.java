package io.mvq.reproduce;

import io.mvq.Version;
import io.mvq.picture.LinePlot;
import io.mvq.report.Machine;
import io.mvq.report.Report;
import io.mvq.report.Table;
import io.mvq.report.Table.Better;
import io.mvq.report.Table.Cell;
import io.mvq.report.Table.Mark;
import io.mvq.run.Result;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The comparison as a page: claims with verdicts, tables, curves, samples, and the commands. */
final class ReproductionReport {
  private final Protocol protocol;
  private final Report report;

  ReproductionReport(Protocol protocol, int finished, int planned) {
    this.protocol = protocol;
    report =
        new Report(
            "The paper's comparison, scale " + protocol.scale(),
            String.format(
                Locale.ROOT,
                "%d of %d trials are finished. Frechet distances are of %d images against as many"
                    + " training images, on the features of the network that is named: comparable on"
                    + " that network's only, and no FID.",
                finished,
                planned,
                protocol.images()));
    report.facts(Machine.facts(Version.NUMBER));
    report.command(
        command() + " --data " + String.join(",", protocol.datasets()) + " --out FOLDER");
  }

  /**
   * The claims.
   *
   * @param plan whose sections hold what they are measured of
   */
  void claims(List<Claim> claims, Plan plan) {
    List<Table.Row> rows = new ArrayList<>();
    for (Claim claim : claims) {
      boolean holds = claim.verdict().equals(Claim.verdict(true));
      rows.add(
          new Table.Row(
              claim.claim(),
              List.of(
                  new Cell(claim.verdict(), holds ? Mark.HOLDS : Mark.FAILS),
                  Cell.of(
                      claim.speedup() == null
                          ? claim.detail()
                          : String.format(
                              Locale.ROOT, "%.1fx (%s)", claim.speedup(), claim.detail())),
                  Cell.of(claim.dataset() == null ? "fresh networks" : claim.dataset()),
                  Cell.of(String.valueOf(claim.tokens())),
                  Cell.of(claim.baseline()),
                  Cell.of(claim.features() == null ? "-" : claim.features())),
              command(claim, plan)));
    }
    List<String> columns =
        List.of("verdict", "measured", "images", "tokens", "against", "features of");
    report.section("Claims").table(new Table("", "claim", columns, rows));
  }

  /** By which a claim's numbers are made. */
  private String command(Claim claim, Plan plan) {
    String all = command();
    if (claim.dataset() == null) {
      return all + " --report-only --out FOLDER";
    }
    String section =
        plan.sections().entrySet().stream()
            .filter(one -> one.getValue().stream().anyMatch(trial -> isOf(trial, claim)))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(claim.codes() == null ? Plan.MAIN : Plan.SWEEP);
    return String.format(
        Locale.ROOT, "%s --data %s --only '%s' --out FOLDER", all, claim.dataset(), section);
  }

  private String command() {
    Object precision = protocol.flags().get("precision");
    return "mvq reproduce --scale "
        + protocol.scale()
        + (precision == null ? "" : " --precision " + precision);
  }

  private static boolean isOf(Trial trial, Claim claim) {
    return trial.dataset().equals(claim.dataset())
        && trial.tokens() == claim.tokens()
        && trial.contestant().name().equals(claim.baseline())
        && claim.codes() != null
        && trial.codes() == claim.codes();
  }

  void sweep(LinePlot plot) {
    if (plot != null) {
      report.section("Codebook sweep's gain").plot(plot);
    }
  }

  void section(String name, List<TrialResult> results) {
    if (results.isEmpty()) {
      return;
    }
    report.section(name);
    for (String network : TrialResult.networks(results)) {
      report.table(
          table(network, results.stream().filter(one -> one.on(network) != null).toList()));
    }
  }

  private Table table(String network, List<TrialResult> results) {
    List<List<Cell>> columns =
        List.of(
            words(results, one -> one.trial().dataset()),
            words(results, one -> String.valueOf(one.trial().tokens())),
            words(results, one -> String.valueOf(one.trial().codes())),
            words(results, one -> String.valueOf(one.trial().seed())),
            words(results, one -> bits(one.on(network))),
            numbers(results, network, Better.LOWER, one -> one.frechet().winner()),
            numbers(results, network, Better.LOWER, one -> one.frechet().randomMask()),
            numbers(results, network, Better.LOWER, one -> one.frechet().samples()),
            numbers(results, network, Better.NEITHER, one -> one.frechet().real()),
            numbers(results, network, Better.HIGHER, Result::precision),
            numbers(results, network, Better.HIGHER, Result::recall),
            numbers(results, network, Better.HIGHER, one -> one.heldOut().psnrWinner()),
            numbers(results, network, Better.NEITHER, Result::perplexity),
            numbers(results, network, Better.NEITHER, Result::codesUsed));
    List<Table.Row> rows = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      int row = i;
      rows.add(
          new Table.Row(
              results.get(i).trial().contestant().name(),
              columns.stream().map(column -> column.get(row)).toList(),
              command(results.get(i).trial())));
    }
    return new Table(
        "On features of " + network,
        "system",
        List.of(
            "images",
            "tokens",
            "K",
            "seed",
            "bits + mask",
            "winner",
            "random mask",
            "samples",
            "real ones",
            "precision",
            "recall",
            "PSNR",
            "perplexity",
            "codes used"),
        rows);
  }

  private static List<Cell> words(List<TrialResult> results, Function<TrialResult, String> word) {
    return results.stream().map(word).map(Cell::of).toList();
  }

  /** Only what was made of the same images with as many tokens and codes is held side by side. */
  private static List<Cell> numbers(
      List<TrialResult> results, String network, Better better, Function<Result, Double> value) {
    Map<String, List<TrialResult>> alike =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    one ->
                        String.join(
                            " ",
                            one.trial().dataset(),
                            "" + one.trial().tokens(),
                            "" + one.trial().codes(),
                            "" + one.trial().seed()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<TrialResult, Cell> cells = new LinkedHashMap<>();
    for (List<TrialResult> group : alike.values()) {
      List<Double> numbers = new ArrayList<>();
      group.forEach(one -> numbers.add(value.apply(one.on(network))));
      List<Cell> marked = Table.marked(better, numbers);
      for (int i = 0; i < group.size(); i++) {
        cells.put(group.get(i), marked.get(i));
      }
    }
    return results.stream().map(cells::get).toList();
  }

  private static String bits(Result result) {
    return String.format(Locale.ROOT, "%.0f + %.0f", result.bits(), result.maskBits());
  }

  /** By which a trial's model is trained by itself. */
  private String command(Trial trial) {
    return trial.recipe(protocol).changedFlags().entrySet().stream()
        .map(flag -> "--" + flag.getKey() + " " + flag.getValue())
        .collect(Collectors.joining(" ", "mvq train ", " --out " + trial.id()));
  }

  void speeds(List<SamplingSpeed.Timing> timings) {
    if (timings.isEmpty()) {
      return;
    }
    List<Table.Row> rows = new ArrayList<>();
    for (SamplingSpeed.Timing one : timings) {
      rows.add(
          Table.Row.of(
              one.system(),
              List.of(
                  one.prior(),
                  String.valueOf(one.batch()),
                  String.valueOf(one.tokens()),
                  String.format(Locale.ROOT, "%.3g", 1e3 * one.tokenSeconds()),
                  String.format(Locale.ROOT, "%.3g", 1e3 * one.imageSeconds()))));
    }
    List<String> columns =
        List.of("prior", "batch", "tokens", "ms an image, tokens", "with decoding");
    report.section("Sampling speed").table(new Table("", "system", columns, rows));
  }

  /** A data set's pictures, by their captions. */
  void samples(String dataset, Map<String, BufferedImage> sheets) throws IOException {
    if (sheets.isEmpty()) {
      return;
    }
    report.section("Samples, " + dataset);
    for (var sheet : sheets.entrySet()) {
      report.sheet(sheet.getKey(), sheet.getValue());
    }
  }

  String html() {
    return report.html();
  }
}
