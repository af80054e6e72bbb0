package io.mvq.export;

import io.mvq.export.onnx.OnnxModel;
import io.mvq.files.OutputFile;
import io.mvq.run.DataFacts;
import io.mvq.run.ExportConfig;
import io.mvq.run.Exported;
import io.mvq.run.Identity;
import io.mvq.run.Run;
import io.mvq.run.TrainedModel;
import io.mvq.tensor.Devices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Device;

/**
 * Makes a run ready to travel.
 *
 * @param run trained as far as it shall travel
 * @param precision of the weights
 * @param onnx whether the encoder and decoder go along as ONNX graphs too
 * @param license the identifier of the licence that its owner gives the weights, e.g. {@code
 *     apache-2.0}; null leaves it open
 */
public record Export(Run run, Precision precision, boolean onnx, String license) {
  public Export {
    if (license != null && !license.matches("[A-Za-z0-9][A-Za-z0-9.+-]{0,63}")) {
      throw new IllegalArgumentException(
          "license must be an identifier such as apache-2.0, got \"" + license + "\"");
    }
  }

  /** The model card in an export. */
  static final String CARD = "README.md";

  private static final String ONNX = "onnx";

  /**
   * What was made.
   *
   * @param rounding what rounded weights cost; null if they were not rounded, or there was nothing
   *     to measure it on
   */
  public record Made(Identity identity, Rounding rounding) {}

  /**
   * Writes a folder, or a zip of it if {@code out} ends in {@code .zip}: whole, or not at all.
   *
   * @throws IOException if there is something there already, the run has no autoencoder, or it is
   *     damaged
   */
  public Made to(Path out) throws IOException {
    Place place = new Place(out);
    place.requireFree();
    Selection chosen = Selection.of(run, precision);
    Device cpu = Devices.named("cpu");
    TrainedModel model = run.model(cpu);
    Rounding rounding =
        precision == Precision.F32 ? null : Rounding.of(run, model, chosen.model(cpu));
    ExportConfig config = config(chosen, model);
    String card = new Card(run, config, onnx, license, rounding).text();
    OnnxModel graphs = onnx ? graphs(chosen, config) : null;
    place.write(
        folder -> {
          Exported.writeWeights(folder, config.identity(), chosen.named());
          if (graphs != null) {
            Path own = folder.resolve(ONNX);
            OutputFile.write(own.resolve("encoder.onnx"), file -> file.write(graphs.encoder()));
            OutputFile.write(own.resolve("decoder.onnx"), file -> file.write(graphs.decoder()));
          }
          OutputFile.write(folder.resolve(ExportConfig.FILE), config.json());
          OutputFile.write(folder.resolve(CARD), card);
        });
    return new Made(config.identity(), rounding);
  }

  private static OnnxModel graphs(Selection chosen, ExportConfig config) {
    Map<String, String> notes =
        Map.of("mvq_identity", config.identity().digest(), "pixels", "-1 is black, 1 is white");
    return new OnnxModel(config.recipe(), chosen.autoencoder().weights(), notes);
  }

  private ExportConfig config(Selection chosen, TrainedModel model) throws IOException {
    DataFacts facts = run.dataFacts();
    String name = chosen.images();
    return new ExportConfig(
        Identity.of(run),
        precision.dtype(),
        chosen.recipe(),
        new ExportConfig.Steps(
            chosen.autoencoder().step(),
            chosen.prior() == null ? 0 : chosen.prior().step(),
            chosen.masks() == null ? 0 : chosen.masks().step()),
        facts == null
            ? new DataFacts(name, name, "", 0, 0, chosen.classes())
            : new DataFacts(
                name, name, facts.digest(), facts.training(), facts.heldOut(), facts.classes()),
        ExportConfig.Shape.of(model));
  }
}
