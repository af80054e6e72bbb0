package io.mvq.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.Version;
import io.mvq.files.StrictJson;
import io.mvq.files.TextFile;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an export says of its model: {@code config.json} in the form of Hugging Face's repositories,
 * what only mvq knows under {@code "mvq"}.
 *
 * @param identity of the run's autoencoder: codes of the one are the other's
 * @param dtype of the weights, {@code float32} or {@code bfloat16}
 * @param recipe of the autoencoder and, where there is one, its prior
 * @param steps that autoencoder, prior and mask prior were trained for; 0 where there is none
 * @param data what is known of the images, without where they were
 * @param shape what codes look like
 */
public record ExportConfig(
    Identity identity, String dtype, Recipe recipe, Steps steps, DataFacts data, Shape shape) {
  /** The file in an export. */
  public static final String FILE = "config.json";

  private static final int FORMAT = 1;
  private static final String TYPE = "mvq";
  private static final JsonMapper MAPPER = StrictJson.mapper();

  /** How long each part was trained. */
  public record Steps(long autoencoder, long prior, long masks) {}

  /**
   * What codes look like, for readers in other languages.
   *
   * @param model name of the autoencoder's class
   * @param codes to choose from at each token; empty without tokens
   * @param winners masks an image
   * @param maskWidth bits a mask
   */
  public record Shape(String model, List<Integer> codes, long winners, int maskWidth) {
    public Shape {
      codes = List.copyOf(codes);
    }

    /** Of a model. */
    public static Shape of(TrainedModel model) {
      String name = model.autoencoder().getClass().getSimpleName();
      if (!(model instanceof TokenModel tokens)) {
        return new Shape(name, List.of(), 0, 0);
      }
      int[] codes = tokens.autoencoder().codes();
      return new Shape(
          name,
          Arrays.stream(codes).boxed().toList(),
          tokens.autoencoder().winners(),
          model.recipe().tokens().maskWidth());
    }
  }

  /** As UTF-8 text. */
  public String json() {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("model_type", TYPE);
    tree.putArray("architectures").add(shape.model);
    tree.put("dtype", dtype);
    tree.put("image_size", recipe.data().side());
    tree.put("num_channels", recipe.data().channels());
    ObjectNode labels = tree.putObject("id2label");
    for (int i = 0; i < data.classes().size(); i++) {
      labels.put(Integer.toString(i), data.classes().get(i));
    }
    ObjectNode own = tree.putObject(TYPE);
    own.put("format", FORMAT);
    own.put("version", Version.NUMBER);
    own.put("identity", identity.digest());
    own.putObject("steps")
        .put("autoencoder", steps.autoencoder)
        .put("prior", steps.prior)
        .put("masks", steps.masks);
    shape.codes.forEach(own.putArray("codes")::add);
    own.put("winners", shape.winners);
    own.put("mask_width", shape.maskWidth);
    own.putObject("data")
        .put("name", data.named())
        .put("digest", data.digest())
        .put("training", data.training())
        .put("held_out", data.heldOut());
    try {
      own.set("recipe", MAPPER.readTree(RecipeJson.write(recipe)));
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an export's config is always writable", e);
    }
  }

  /** Reads {@link #json}. @throws IOException naming the file and what is wrong with it */
  public static ExportConfig read(Path file) throws IOException {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(TextFile.read(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is damaged: it is not JSON", e);
    }
    String type = tree.path("model_type").asText("none");
    if (!type.equals(TYPE)) {
      throw new IOException(
          file + " is of another kind of model: model_type must be mvq, got " + type);
    }
    JsonNode own = tree.path(TYPE);
    int format = own.path("format").asInt();
    if (format < 1 || format > FORMAT) {
      throw new IOException(
          file + " must have format 1 to " + FORMAT + " under mvq, got " + format + "; update mvq");
    }
    List<String> classes = new ArrayList<>();
    tree.path("id2label").forEach(name -> classes.add(name.asText()));
    List<Integer> codes = new ArrayList<>();
    own.path("codes").forEach(code -> codes.add(code.asInt()));
    JsonNode steps = own.path("steps");
    JsonNode data = own.path("data");
    String name = data.path("name").asText();
    try {
      return new ExportConfig(
          new Identity(own.path("identity").asText()),
          tree.path("dtype").asText(),
          RecipeJson.read(own.path("recipe")),
          new Steps(
              steps.path("autoencoder").asLong(),
              steps.path("prior").asLong(),
              steps.path("masks").asLong()),
          new DataFacts(
              name,
              name,
              data.path("digest").asText(),
              data.path("training").asInt(),
              data.path("held_out").asInt(),
              classes),
          new Shape(
              tree.path("architectures").path(0).asText(),
              codes,
              own.path("winners").asLong(),
              own.path("mask_width").asInt()));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
