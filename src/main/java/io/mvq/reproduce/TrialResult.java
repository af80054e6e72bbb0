package io.mvq.reproduce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.run.Result;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A finished trial, as a line of {@link TrialsFile} keeps it: with what differs from the default
 * recipe, so that a field that is new and has a default hides no result.
 *
 * @param bf16 whether it was trained in bfloat16
 * @param results the same measures on the features of one network each, the comparison's main one
 *     first
 */
record TrialResult(Trial trial, boolean bf16, List<Result> results) {
  /** As {@link Result}s are JSON. */
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

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

  /**
   * The result that a line holds; null unless it is of this recipe, in any precision, and measure.
   */
  static TrialResult read(JsonNode line, Trial trial, Protocol protocol, String featureNetwork) {
    boolean alike =
        line.path("dataset").asText().equals(trial.dataset())
            && line.path("seed").asLong() == trial.seed()
            && line.path("images").asInt() == protocol.images()
            && line.path("results").size() == (protocol.classifierSteps() > 0 ? 2 : 1)
            && line.at("/results/0/feature_network").asText().equals(featureNetwork);
    if (!alike) {
      return null;
    }
    Recipe recipe = RecipeJson.read(line.path("recipe"));
    if (!compared(recipe).equals(compared(trial.recipe(protocol)))) {
      return null;
    }
    try {
      Result[] results = JSON.treeToValue(line.get("results"), Result[].class);
      return new TrialResult(trial, recipe.training().bf16(), List.of(results));
    } catch (JsonProcessingException e) {
      return null; // of a program that measured otherwise: it is measured again
    }
  }

  /** What makes two trials one: precision sets their pace, no more. */
  private static Map<String, String> compared(Recipe recipe) {
    Map<String, String> flags = recipe.flags();
    flags.remove("precision");
    return flags;
  }

  /** The line that {@link #read} reads. */
  ObjectNode line(Protocol protocol) {
    ObjectNode json = JSON.createObjectNode();
    json.put("date", LocalDate.now().toString());
    json.put("system", trial.contestant().name());
    json.put("dataset", trial.dataset());
    json.put("seed", trial.seed());
    json.put("images", protocol.images());
    json.set("recipe", RecipeJson.changes(trial.recipe(protocol)));
    json.set("results", JSON.valueToTree(results));
    return json;
  }
}
