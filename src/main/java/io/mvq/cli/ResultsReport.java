package io.mvq.cli;

import io.mvq.Version;
import io.mvq.picture.ImageGrid;
import io.mvq.picture.LinePlot;
import io.mvq.recipe.Recipe;
import io.mvq.report.Machine;
import io.mvq.report.Report;
import io.mvq.report.Table;
import io.mvq.report.Table.Better;
import io.mvq.run.Result;
import io.mvq.train.LossPlot;
import io.mvq.train.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** What was measured of runs, one beside the other, as a page. */
final class ResultsReport {
  private final Report report;
  private final List<Result> results;

  /**
   * Begins with facts and the table.
   *
   * @param command that made it
   * @param facts of the runs, beside those of the machine
   */
  ResultsReport(
      String title, String lead, String command, Map<String, String> facts, List<Result> results) {
    this.results = results;
    report = new Report(title, lead);
    Map<String, String> all = new LinkedHashMap<>(facts);
    all.putAll(Machine.facts(Version.NUMBER));
    report.facts(all).command(command);
    report.section("Numbers").table(table());
    Result first = results.get(0);
    report.text(
        "Frechet distances (lower is nearer) on features of a "
            + first.featureNetwork()
            + ", of "
            + first.frechet().images()
            + " images each, held out "
            + first.heldOut().images()
            + (first.featureNetwork().startsWith("FID")
                ? ": FID, comparable at equal counts."
                : ": no FID, comparable within this table only."));
    results.stream()
        .filter(one -> one.look() != null)
        .forEach(one -> report.text(one.system() + " was trained against a " + one.look() + "."));
  }

  private Table table() {
    List<Table.Row> rows = new ArrayList<>();
    row(rows, "tokens an image", Better.NEITHER, one -> (double) one.tokens());
    row(rows, "codes a codebook", Better.NEITHER, one -> (double) one.codes());
    row(rows, "bits of tokens", Better.NEITHER, Result::bits);
    row(rows, "bits of the winner's mask", Better.NEITHER, Result::maskBits);
    row(rows, "distance, winner's mask", Better.LOWER, one -> one.frechet().winner());
    row(rows, "distance, random mask", Better.LOWER, one -> one.frechet().randomMask());
    row(rows, "distance, samples of the prior", Better.LOWER, one -> one.frechet().samples());
    row(rows, "distance, held-out images themselves", Better.NEITHER, one -> one.frechet().real());
    row(rows, "held out, winner's mask", Better.LOWER, one -> one.heldOut().frechetWinner());
    row(rows, "held out, random mask", Better.LOWER, one -> one.heldOut().frechetRandomMask());
    row(rows, "precision of samples", Better.HIGHER, Result::precision);
    row(rows, "recall of samples", Better.HIGHER, Result::recall);
    row(rows, "PSNR held out, winner's mask, dB", Better.HIGHER, one -> one.heldOut().psnrWinner());
    row(
        rows,
        "PSNR held out, random mask, dB",
        Better.HIGHER,
        one -> one.heldOut().psnrRandomMask());
    row(rows, "SSIM held out, winner's mask", Better.HIGHER, one -> one.heldOut().ssimWinner());
    row(rows, "codebook perplexity", Better.NEITHER, Result::perplexity);
    row(rows, "codes used, share", Better.NEITHER, Result::codesUsed);
    row(rows, "parameters", Better.NEITHER, one -> (double) one.parameters());
    row(rows, "training steps", Better.NEITHER, one -> (double) one.steps());
    row(rows, "seconds of training", Better.NEITHER, one -> (double) Math.round(one.seconds()));
    List<String> columns = new ArrayList<>();
    results.forEach(one -> columns.add(one.system()));
    if (isPair()) {
      columns.add(results.get(1).system() + " is");
    }
    return new Table("", "", columns, rows);
  }

  private boolean isPair() {
    return results.size() == 2;
  }

  private void row(
      List<Table.Row> rows, String name, Better better, Function<Result, Double> value) {
    List<Double> numbers = new ArrayList<>();
    results.forEach(one -> numbers.add(value.apply(one)));
    List<Table.Cell> cells = Table.marked(better, numbers);
    if (isPair()) {
      boolean compared = better == Better.LOWER && numbers.get(0) != null && numbers.get(1) != null;
      cells.add(Table.Cell.of(compared ? lower(numbers.get(0), numbers.get(1)) : ""));
    }
    rows.add(new Table.Row(name, cells, null));
  }

  private static String lower(double first, double second) {
    double percent = 100 * (1 - second / first);
    return String.format(
        Locale.ROOT, "%.0f %% %s", Math.abs(percent), percent < 0 ? "higher" : "lower");
  }

  /** Words of the last section. */
  void text(String paragraph) {
    report.text(paragraph);
  }

  void section(String heading) {
    report.section(heading);
  }

  /** Pictures in rows of so many. */
  void sheet(String caption, Tensor images, int columns) throws IOException {
    report.sheet(caption, ImageGrid.picture(images, columns, List.of()));
  }

  /**
   * What a gallery holds: images, below them the winners' and the random masks'.
   *
   * @param first 0 for all, 1 for all but the images
   */
  void gallery(String system, Tensor gallery, int columns, int first) throws IOException {
    String[] rows = {"held-out images", system + ", winner's mask", system + ", random mask"};
    boolean masked = gallery.size(0) == 3L * columns;
    if (!masked) {
      rows[1] = system;
    }
    for (int row = first; row < gallery.size(0) / columns; row++) {
      sheet(rows[row], gallery.narrow(0, (long) row * columns, columns), columns);
    }
  }

  /**
   * Losses over the steps, of stages' folders by their labels; those that logged none are left out.
   */
  void losses(String title, String name, Map<String, Path> stages) throws IOException {
    Map<String, Path> logged = new LinkedHashMap<>(stages);
    logged.values().removeIf(stage -> !Files.exists(stage.resolve(RunLog.CSV)));
    if (!logged.isEmpty()) {
      LinePlot plot = LossPlot.of(name, logged);
      report.plot(new LinePlot(title, "step", name, false, plot.logY(), plot.lines()));
    }
  }

  /** By which a run is trained by itself. */
  void command(Recipe recipe) {
    List<String> line = new ArrayList<>(List.of("train"));
    recipe.changedFlags().forEach((flag, value) -> line.addAll(List.of("--" + flag, value)));
    line.addAll(List.of("--out", recipe.architecture().system()));
    report.command(CommandLines.line(line));
  }

  void write(Path file) throws IOException {
    report.write(file);
  }
}
