package io.mvq.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recipes of mvq 0.1: one model of all systems' fields. Each field is a flag of today; those of
 * systems other than the file's own meant nothing and go.
 */
final class FormatTwo {
  static final int FORMAT = 2;

  private static final Map<String, String> FLAGS = new LinkedHashMap<>();

  static {
    put("data.", "images", "data", "side", "side", "channels", "channels", "flip", "flip");
    put("model.", "system", "system", "architecture", "architecture");
    put("model.", "baseTokens", "base-tokens", "secondaryTokens", "secondary-tokens");
    put("model.", "bottomTokens", "bottom-tokens", "latentNoise", "latent-noise");
    put("model.", "codes", "codes", "codeWidth", "code-width", "maskWidth", "mask-width");
    put("model.", "hypotheses", "hypotheses", "dropout", "dropout");
    put("model.", "winnerPerToken", "winner-per-token", "headHidden", "head-hidden");
    put("model.", "width", "width", "grid", "grid", "cosine", "cosine");
    put("model.", "codebookWidth", "codebook-width", "commitment", "commitment");
    put("model.", "winnerWeight", "winner-weight", "codebookDecay", "codebook-decay");
    put("model.", "deadAfter", "dead-after", "residualStages", "residual-stages");
    put("model.", "levels", "levels", "entropyWeight", "entropy-weight");
    put("model.relaxed.", "temperature", "temperature", "lastTemperature", "last-temperature");
    put("model.relaxed.", "divergence", "divergence", "ramp", "divergence-ramp");
    put("model.masks.", "set", "masks", "gateShare", "gate-share");
    put("model.masks.", "mixtureWeight", "mixture-weight", "softTop", "soft-top");
    put("model.masks.", "softTemperature", "soft-temperature");
    put("reconstruction.", "pixels", "pixel-loss", "perceptual", "perceptual-weight");
    put("reconstruction.", "adversarial", "adversarial-weight");
    put("reconstruction.", "adversarialStart", "adversarial-start");
    put("reconstruction.", "adversarialRamp", "adversarial-ramp");
    put("reconstruction.", "discriminatorWidth", "discriminator-width");
    put("reconstruction.", "discriminatorRate", "discriminator-rate");
    training("training.", "");
    put("prior.", "kind", "prior", "width", "prior-width", "layers", "prior-layers");
    put("prior.", "heads", "prior-heads", "dropout", "prior-dropout");
    put("prior.", "conditional", "prior-conditional", "masks", "mask-prior");
    training("prior.training.", "prior-");
  }

  private FormatTwo() {}

  private static void training(String path, String prefix) {
    put(path, "steps", prefix + "steps", "batch", prefix + "batch");
    put(path, "accumulate", prefix + "accumulate", "warmup", prefix + "warmup");
    put(path, "learningRate", prefix + "learning-rate", "floor", prefix + "learning-rate-floor");
    put(path, "weightDecay", prefix + "weight-decay", "beta2", prefix + "beta2");
    put(path, "clip", prefix + "clip", "averageDecay", prefix + "average-decay");
    put(path, "seed", prefix + "seed");
  }

  private static void put(String path, String... fieldsAndFlags) {
    for (int i = 0; i < fieldsAndFlags.length; i += 2) {
      FLAGS.put(path + fieldsAndFlags[i], fieldsAndFlags[i + 1]);
    }
  }

  /** The file's fields as flags. */
  static Map<String, String> flags(JsonNode file) {
    Map<String, String> flags = new LinkedHashMap<>();
    collect(file, "", flags);
    if (flags.containsKey("base-tokens") && flags.containsKey("secondary-tokens")) {
      int latents =
          Integer.parseInt(flags.get("base-tokens"))
              + Integer.parseInt(flags.get("secondary-tokens"));
      flags.put("latents", Integer.toString(latents));
    }
    if (Continuous.NAME.equals(flags.get("architecture"))) {
      flags.put("prior", DiffusionPrior.NAME); // which the file could not name
    }
    return flags;
  }

  private static void collect(JsonNode object, String path, Map<String, String> flags) {
    for (var field : object.properties()) {
      String name = path + field.getKey();
      JsonNode value = field.getValue();
      if (value.isObject()) {
        collect(value, name + ".", flags);
      } else if (FLAGS.containsKey(name)) {
        flags.put(FLAGS.get(name), text(name, value));
      } else if (!name.equals("format")) {
        throw new IllegalArgumentException("unknown field " + name + " of recipe format 2");
      }
    }
  }

  private static String text(String name, JsonNode value) {
    if (value.isNull()) {
      throw new IllegalArgumentException("field " + name + " must not be null");
    }
    if (!value.isArray()) {
      return value.asText();
    }
    StringBuilder text = new StringBuilder();
    value.forEach(one -> text.append(text.isEmpty() ? "" : ",").append(one.asText()));
    return text.toString();
  }
}
