package io.mvq.reproduce;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.files.OutputFile;
import io.mvq.metric.FeatureNetwork;
import io.mvq.metric.NsfwjsInception;
import io.mvq.metric.PerceptualDistance;
import io.mvq.picture.ImageGrid;
import io.mvq.picture.LinePlot;
import io.mvq.report.Machine;
import io.mvq.run.Evaluation;
import io.mvq.run.Generation;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import io.mvq.train.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The whole comparison at a scale: finishes its trials, times sampling, checks the claims, writes
 * tables, pictures and {@code reproduce.json} into a folder.
 */
public final class Reproduction {
  private static final int PICTURED = 16;
  private static final String SAMPLING = "sampling.json";
  private static final String COMBINING = "combining.json";

  private final Protocol protocol;
  private final Plan plan;
  private final Path folder;
  private final Trials trials;
  private final Device device;
  private final PrintStream out;

  /**
   * A comparison.
   *
   * @param sections parts of the names of those wanted; empty for all
   * @param folder gets everything; what has finished there is kept
   * @param features that distances are measured with
   * @param device that models are trained and sampled on
   */
  public Reproduction(
      Protocol protocol,
      List<String> sections,
      Path folder,
      FeatureNetwork features,
      Device device,
      Progress.Style style,
      PrintStream out) {
    this.protocol = protocol;
    this.folder = folder;
    this.device = device;
    this.out = out;
    Plan all = Plan.of(protocol);
    plan = sections.isEmpty() ? all : all.only(sections);
    trials = new Trials(protocol, folder, features, device, style, out);
  }

  /** Trains and measures what is missing; false if it was stopped. */
  public boolean train() throws IOException {
    List<Trial> all = List.copyOf(plan.trials());
    int done = 0;
    for (Trial trial : all) {
      out.printf("%d of %d: %s%n", ++done, all.size(), trial.id());
      Trials.Outcome outcome = trials.finish(trial);
      if (outcome == Trials.Outcome.STOPPED) {
        return false;
      }
      if (outcome == Trials.Outcome.ELSEWHERE) {
        out.println("  another process is at it");
      }
    }
    return true;
  }

  /** Times sampling with both kinds of prior, and keeps the times. @param threads of LibTorch */
  public void time(int threads) throws IOException {
    SamplingSpeed speed = new SamplingSpeed(new Rounds(5, 2), new Place(device, threads));
    List<SamplingSpeed.Timing> timings = new ArrayList<>();
    for (String prior : List.of("transformer", "pixelcnn")) {
      for (int batch : SamplingSpeed.BATCHES) {
        out.printf("timing sampling, %s, batch %d%n", prior, batch);
        timings.addAll(speed.measure(protocol, prior, batch));
      }
    }
    Files.createDirectories(folder);
    write(SAMPLING, timings);
  }

  /** Measures how smoothly images combine, where both systems' checkpoints are here. */
  public void combine() throws IOException {
    List<Combining> all = new ArrayList<>();
    long seed = protocol.seeds().get(0);
    for (String dataset : protocol.datasets()) {
      for (int tokens : Protocol.TOKENS) {
        Trial ours = new Trial(dataset, Contestant.MVQ, tokens, protocol.smallest(), seed);
        Trial plain = new Trial(dataset, Contestant.VQ, tokens, protocol.smallest(), seed);
        BottleneckAutoencoder mvq = trials.autoencoder(ours);
        BottleneckAutoencoder vq = mvq == null ? null : trials.autoencoder(plain);
        if (vq != null) {
          out.printf("combining images, %s, %d tokens%n", dataset, tokens);
          all.add(
              Combining.of(
                  ours, mvq, vq, trials.data(dataset).test(), trials.features().name(), apart()));
        }
      }
    }
    if (!all.isEmpty()) {
      write(COMBINING, all);
    }
  }

  /** Perceptual where the network has maps to compare, else between its features. */
  private BinaryOperator<Tensor> apart() {
    FeatureNetwork network = trials.features();
    if (network instanceof NsfwjsInception inception) {
      return new PerceptualDistance(inception)::distance;
    }
    return (a, b) -> torch.mse_loss(network.features(a.cpu()), network.features(b.cpu()));
  }

  /** Writes what there is, the last times included. @return the text that people read */
  public String report() throws IOException {
    Map<String, List<TrialResult>> sections = new LinkedHashMap<>();
    for (var section : plan.sections().entrySet()) {
      sections.put(section.getKey(), trials.finished(section.getValue()));
    }
    List<TrialResult> results = trials.finished(plan.trials());
    List<SamplingSpeed.Timing> timings = timings();
    List<Claim> claims = new Claims(protocol, results).all(timings, combinings());
    Files.createDirectories(folder);
    ObjectNode json = TrialResult.JSON.createObjectNode();
    json.put("scale", protocol.scale());
    json.put("date", LocalDate.now().toString());
    json.put("cpu", Machine.cpu());
    json.put("feature_network", trials.features().name());
    json.put("images", protocol.images());
    json.put("trials", results.size());
    json.put("trials_planned", plan.trials().size());
    json.set("claims", TrialResult.JSON.valueToTree(claims));
    json.set("sampling", TrialResult.JSON.valueToTree(timings));
    write("reproduce.json", json);
    String text = Tables.text(heading(results), claims, sections, timings);
    OutputFile.write(folder.resolve("reproduce.md"), text);
    LinePlot sweep = SweepPlot.of(new Claims(protocol, results));
    if (sweep != null) {
      sweep.write(folder.resolve("sweep.png"));
    }
    ReproductionReport page =
        new ReproductionReport(protocol, results.size(), plan.trials().size());
    page.claims(claims, plan);
    page.sweep(sweep);
    for (String dataset : protocol.datasets()) {
      page.samples(dataset, grid(dataset, results));
    }
    sections.forEach(page::section);
    page.speeds(timings);
    OutputFile.write(folder.resolve("report.html"), page.html());
    return text;
  }

  private void write(String name, Object value) throws IOException {
    OutputFile.write(folder.resolve(name), TrialResult.JSON.writeValueAsString(value) + "\n");
  }

  private List<Combining> combinings() throws IOException {
    Path file = folder.resolve(COMBINING);
    return Files.exists(file)
        ? TrialResult.JSON.readValue(file.toFile(), new TypeReference<>() {})
        : List.of();
  }

  private List<SamplingSpeed.Timing> timings() throws IOException {
    Path file = folder.resolve(SAMPLING);
    return Files.exists(file)
        ? TrialResult.JSON.readValue(file.toFile(), new TypeReference<>() {})
        : List.of();
  }

  private String heading(List<TrialResult> finished) {
    return String.format(
        "# The paper's comparison, scale %s%n%n%s, %s; %d of %d trials, %d of them trained in"
            + " bfloat16. Frechet%ndistances (FD) are of %d images against as many training images,"
            + " on the features of the network that%nis named: comparable only on the same"
            + " network's, and no FID. A winner's mask costs bits, a random one none.%n",
        protocol.scale(),
        LocalDate.now(),
        Machine.cpu(),
        finished.size(),
        plan.trials().size(),
        finished.stream().filter(TrialResult::bf16).count(),
        protocol.images());
  }

  /** Samples of the systems whose checkpoints are here, a captioned row each; the rows. */
  private Map<String, BufferedImage> grid(String dataset, List<TrialResult> results)
      throws IOException {
    Map<String, BufferedImage> sheets = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope()) {
      List<String> captions = new ArrayList<>();
      List<Tensor> rows = new ArrayList<>();
      for (TrialResult one : results) {
        Trial trial = one.trial();
        boolean wanted =
            trial.dataset().equals(dataset)
                && trial.seed() == protocol.seeds().get(0)
                && trial.codes() == protocol.smallest();
        Generation.Sampler sampler = wanted ? trials.sampler(trial) : null;
        if (sampler != null) {
          rows.add(sampler.images(PICTURED, 1));
          captions.add(trial.contestant().name() + " " + trial.tokens());
        }
      }
      if (!rows.isEmpty()) { // only then are the set's images worth decoding
        rows.add(0, Evaluation.first(trials.data(dataset).train(), PICTURED));
        captions.add(0, "images");
        Path picture = folder.resolve("samples-" + dataset + ".png");
        Tensor all = torch.cat(new TensorVector(rows.toArray(Tensor[]::new)), 0);
        ImageGrid.write(picture, all, PICTURED, captions);
        for (int row = 0; row < rows.size(); row++) {
          String caption = captions.get(row) + (row == 0 ? " of the set" : " tokens");
          sheets.put(caption, ImageGrid.picture(rows.get(row), PICTURED, List.of()));
        }
      }
    }
    return sheets;
  }
}
