package io.mvq.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mvq.Version;
import io.mvq.data.set.Terms;
import io.mvq.files.TextFile;
import io.mvq.recipe.Data;
import io.mvq.recipe.Recipe;
import io.mvq.run.ExportConfig;
import io.mvq.run.Run;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * The model card, {@code README.md}: what the model is, what it was made of, what was measured.
 *
 * @param onnx whether ONNX graphs are beside it
 * @param license of the weights; null for none given
 * @param rounding null where nothing was rounded or measured
 */
record Card(Run run, ExportConfig config, boolean onnx, String license, Rounding rounding) {
  private static final String RESULTS = "results.json";
  private static final String SET = "set:";

  /** In Markdown, with the head that Hugging Face reads. */
  String text() throws IOException {
    StringBuilder text = new StringBuilder("---\nlibrary_name: mvq\n");
    if (license != null) {
      text.append("license: ").append(license).append('\n');
    }
    text.append("tags:\n- mvq\n- image-tokenizer\n- vector-quantization\n---\n\n");
    what(text);
    use(text);
    training(text);
    measures(text);
    terms(text);
    return text.toString();
  }

  private void what(StringBuilder text) {
    Recipe recipe = config.recipe();
    Data data = recipe.data();
    String system = recipe.architecture().system();
    line(text, "# %s, %s", system, data.images());
    String kind = config.shape().codes().isEmpty() ? "autoencoder of latents" : "image tokenizer";
    line(
        text,
        "An %s made by mvq %s: `%s`, %d x %d pixels, %s.",
        kind,
        Version.NUMBER,
        system,
        data.side(),
        data.side(),
        data.channels() == 1 ? "grey" : "RGB");
    if (!config.shape().codes().isEmpty()) {
      int tokens = config.shape().codes().size();
      long winners = config.shape().winners();
      line(
          text,
          "An image becomes %d token%s%s. Codes are those of the model `%s`.",
          tokens,
          tokens == 1 ? "" : "s",
          winners == 0
              ? ""
              : String.format(
                  Locale.ROOT, " and %d x %d mask bits", winners, config.shape().maskWidth()),
          config.identity());
    }
    line(text, "Weights: `model.safetensors`, %s.", config.dtype());
    if (rounding != null) {
      line(text, "Measured: %s.", rounding.text());
    }
  }

  private void use(StringBuilder text) {
    line(text, "## Use");
    text.append("```\n");
    if (!config.shape().codes().isEmpty()) {
      text.append("mvq encode FOLDER --images photos/ --out codes.npz\n");
      text.append("mvq decode FOLDER --codes codes.npz --out pictures/\n");
    }
    if (config.steps().prior() > 0) {
      text.append("mvq sample FOLDER --count 64\n");
    }
    text.append("```\nFOLDER is the one that holds this file.\n\n");
    if (onnx) {
      line(
          text,
          "`onnx/decoder.onnx` and `onnx/encoder.onnx` do the same in any language that has an ONNX"
              + " runtime: images float32 (n, %d, %d, %d) from -1 to 1, %s. Two codes at"
              + " almost one distance may be told apart otherwise than by mvq, since sums are rounded"
              + " in another order.",
          config.recipe().data().channels(),
          config.recipe().data().side(),
          config.recipe().data().side(),
          config.shape().codes().isEmpty()
              ? "latents float32"
              : "tokens int64 (n, t), masks uint8 (n, winners, bits)");
    }
  }

  private void training(StringBuilder text) throws IOException {
    line(text, "## Training");
    if (config.data().training() > 0) {
      line(
          text,
          "On `%s`: %,d images, %,d held out, %d classes.",
          config.data().named(),
          config.data().training(),
          config.data().heldOut(),
          config.data().classes().size());
    }
    line(
        text,
        "Autoencoder %,d steps, prior %,d, mask prior %,d (0: none). What differs from the defaults:",
        config.steps().autoencoder(),
        config.steps().prior(),
        config.steps().masks());
    text.append("```\n");
    config
        .recipe()
        .changedFlags()
        .forEach(
            (flag, value) -> text.append("--").append(flag).append(' ').append(value).append('\n'));
    text.append("```\nAll of it is in `config.json`.\n\n");
  }

  private void measures(StringBuilder text) throws IOException {
    line(text, "## Measures");
    Path results = run.folder().resolve(RESULTS);
    if (run.isExported() || !Files.exists(results)) {
      line(text, "None were taken; `mvq evaluate` takes them.");
      return;
    }
    if (isStale(results)) {
      line(
          text, "Those in the run were taken before its last step, so they are not repeated here.");
      return;
    }
    JsonNode tree;
    try {
      tree = new ObjectMapper().readTree(TextFile.read(results));
    } catch (JsonProcessingException e) {
      throw new IOException(results + " is damaged: it is not JSON; measure again", e);
    }
    text.append("By `mvq evaluate`, on the float32 model.\n\n| measure | value |\n| --- | --- |\n");
    leaves(
        "",
        tree.path("runs").path(0),
        (name, value) -> text.append("| " + name + " | " + value.asText() + " |\n"));
    text.append('\n');
  }

  private boolean isStale(Path results) throws IOException {
    Path model =
        Checkpoint.place(Run.checkpoint(run.autoencoderFolder())).resolve("model.safetensors");
    return Files.getLastModifiedTime(results).compareTo(Files.getLastModifiedTime(model)) < 0;
  }

  private static void leaves(String prefix, JsonNode tree, BiConsumer<String, JsonNode> use) {
    tree.properties()
        .forEach(
            field -> {
              String name = prefix + field.getKey().replace('_', ' ');
              if (field.getValue().isObject()) {
                leaves(name + ", ", field.getValue(), use);
              } else {
                use.accept(name, field.getValue());
              }
            });
  }

  private void terms(StringBuilder text) {
    line(text, "## Licences");
    String named = config.data().named();
    Terms terms = named.startsWith(SET) ? Terms.of(named.substring(SET.length())) : null;
    if (terms == null) {
      line(
          text,
          "Whose the training images are, and on what terms, is not known to mvq: say it here.");
    } else {
      line(text, "Trained on %s. Licences of the pictures: %s.", terms.source(), terms.licences());
    }
    line(
        text, "The weights' licence: %s.", license == null ? "none given by their owner" : license);
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append("\n\n");
  }
}
