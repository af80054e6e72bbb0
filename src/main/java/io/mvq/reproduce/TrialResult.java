package io.mvq.reproduce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.run.Result;
import io.mvq.train.Recipe;
import io.mvq.train.RecipeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A finished trial, as its file {@code trials/ID.json} keeps it.
 *
 * @param results the same measures on the features of one network each, the comparison's main one
 *     first
 */
record TrialResult(Trial trial, List<Result> results) {
  /** As {@link Result}s are JSON. */
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** The result in a folder of trials; null unless it is there, of this very recipe and measure. */
  static TrialResult read(Path folder, Trial trial, Protocol protocol, String featureNetwork)
      throws IOException {
    Path file = file(folder, trial);
    if (!Files.exists(file)) {
      return null;
    }
    JsonNode json = JSON.readTree(file.toFile());
    boolean same =
        json.path("recipe").equals(recipe(trial.recipe(protocol)))
            && json.path("images").asInt() == protocol.images()
            && json.path("results").size() == (protocol.classifierSteps() > 0 ? 2 : 1)
            && json.at("/results/0/feature_network").asText().equals(featureNetwork);
    return same
        ? new TrialResult(trial, List.of(JSON.treeToValue(json.get("results"), Result[].class)))
        : null;
  }

  /** What was measured with a feature network; null if it was not used. */
  Result on(String network) {
    return results.stream()
        .filter(one -> one.featureNetwork().equals(network))
        .findFirst()
        .orElse(null);
  }

  /** The feature networks that some were measured with, the main one first. */
  static Set<String> networks(List<TrialResult> some) {
    return some.stream()
        .flatMap(one -> one.results().stream())
        .map(Result::featureNetwork)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Writes it, whole or not at all. */
  void write(Path folder, Protocol protocol) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("system", trial.contestant().name());
    json.put("dataset", trial.dataset());
    json.put("seed", trial.seed());
    json.put("images", protocol.images());
    json.set("results", JSON.valueToTree(results));
    json.set("recipe", recipe(trial.recipe(protocol)));
    Files.createDirectories(folder);
    Path partial = folder.resolve("." + trial.id() + "." + ProcessHandle.current().pid());
    JSON.writeValue(partial.toFile(), json);
    Files.move(
        partial,
        file(folder, trial),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path file(Path folder, Trial trial) {
    return folder.resolve(trial.id() + ".json");
  }

  private static JsonNode recipe(Recipe recipe) {
    try {
      return JSON.readTree(RecipeJson.write(recipe));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recipe is always JSON", e);
    }
  }
}
