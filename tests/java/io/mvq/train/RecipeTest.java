package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeTest {
  private final Recipe recipe = Recipe.defaults();

  @Test
  void aRecipeSurvivesItsJson() {
    Recipe changed =
        recipe
            .with("data.images", "faces \"ä\"")
            .with("model.headHidden", List.of(64, 32))
            .with("training.seed", -5L)
            .with("prior.training.steps", 10_000_000_000L);
    assertThat(RecipeJson.read(RecipeJson.write(changed), "recipe.json")).isEqualTo(changed);
    assertThat(changed.prior().training().steps()).isEqualTo(10_000_000_000L);
    assertThat(changed.with("data.images", "emoji")).isNotEqualTo(changed);
  }

  @Test
  void everyLimitNamesFieldValueAndLimit() {
    Map<String, Object> bad =
        Map.ofEntries(
            Map.entry("data.side", 48),
            Map.entry("data.channels", 4),
            Map.entry("model.system", "vae"),
            Map.entry("model.baseTokens", 0),
            Map.entry("model.secondaryTokens", 0),
            Map.entry("model.codes", 0),
            Map.entry("model.hypotheses", -1),
            Map.entry("model.dropout", 1.0),
            Map.entry("model.headHidden", List.of(8, 0)),
            Map.entry("model.codebookWidth", 65),
            Map.entry("model.commitment", -0.5),
            Map.entry("model.codebookDecay", 1.0),
            Map.entry("model.grid", 8),
            Map.entry("model.levels", List.of(5, 1)),
            Map.entry("model.relaxed.temperature", 0.0),
            Map.entry("model.relaxed.ramp", 1.5),
            Map.entry("model.residualStages", 0),
            Map.entry("model.entropyWeight", -1.0),
            Map.entry("model.masks.set", "some"),
            Map.entry("model.masks.gateShare", 0.0),
            Map.entry("model.masks.mixtureWeight", 0.25),
            Map.entry("model.masks.softTop", 0),
            Map.entry("training.steps", 0),
            Map.entry("training.warmup", -1),
            Map.entry("training.learningRate", 0.0),
            Map.entry("training.averageDecay", 1.0),
            Map.entry("prior.kind", "rnn"),
            Map.entry("prior.masks", "learned"),
            Map.entry("reconstruction.pixels", "l3"),
            Map.entry("reconstruction.perceptual", -1.0),
            Map.entry("reconstruction.adversarial", Double.NaN),
            Map.entry("reconstruction.adversarialStart", -1),
            Map.entry("reconstruction.adversarialRamp", -1),
            Map.entry("reconstruction.discriminatorWidth", 0),
            Map.entry("reconstruction.discriminatorRate", 0.0),
            Map.entry("prior.heads", 3));
    bad.forEach(
        (field, value) ->
            assertThatThrownBy(() -> recipe.with(field, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(field + " must "));
    assertThatThrownBy(() -> recipe.with("model.codes", 0))
        .hasMessage("model.codes must be at least 1, got 0");
    assertThatThrownBy(() -> recipe.with("data.side", 48))
        .hasMessage("data.side must be one of [32, 64], got 48");
    assertThatThrownBy(() -> recipe.with("prior.heads", 3))
        .hasMessage("prior.heads must divide prior.width 256, got 3");
    assertThatThrownBy(() -> recipe.with("training.learningRate", Double.NaN))
        .hasMessage("training.learningRate must be greater than 0 and finite, got NaN");
  }

  @Test
  void fieldsThatDependOnEachOtherAreChangedTogether() {
    assertThatThrownBy(() -> recipe.with("model.secondaryTokens", 0))
        .hasMessage("model.secondaryTokens must be at least 1, got 0");
    assertThat(recipe.with(Map.of("model.secondaryTokens", 0, "model.system", "vq")).model())
        .isEqualTo(recipe.with("model.system", "vq").with("model.secondaryTokens", 0).model());
  }

  @Test
  void aPixelCnnHasNoHeadsThatMustDivideItsWidth() {
    Recipe cnn = recipe.with("prior.kind", "pixelcnn").with("prior.heads", 3);
    assertThat(cnn.prior().heads()).isEqualTo(3);
    assertThatThrownBy(() -> cnn.with("prior.kind", "transformer"))
        .hasMessage("prior.heads must divide prior.width 256, got 3");
  }

  @Test
  void masksAreLearnedOnlyWhereThereAreSome() {
    Recipe learned = recipe.with("prior.masks", "bernoulli");
    assertThatThrownBy(() -> learned.with("model.system", "vq"))
        .hasMessage("prior.masks must be uniform: vq has no masks, got bernoulli");
  }

  @Test
  void plainQuantizationNeedsNoSecondaryTokens() {
    Recipe.Model vq = recipe.with("model.system", "vq").with("model.secondaryTokens", 0).model();
    assertThat(vq.secondaryTokens()).isZero();
  }

  @Test
  void systemsRefuseWhatTheyCannotMake() {
    assertThatThrownBy(() -> recipe.with("model.masks.set", "gates"))
        .hasMessage("model.maskWidth must lie in [1, 12], got 64");
    assertThatThrownBy(() -> recipe.with(Map.of("model.system", "lfq", "model.codes", 100)))
        .hasMessage("model.codes must be a power of two for lfq, got 100");
    assertThatThrownBy(
            () ->
                recipe.with(
                    Map.of(
                        "model.system", "rvq", "model.residualStages", 2, "model.hypotheses", 8)))
        .hasMessage(
            "model.hypotheses must be a whole number to the power of model.residualStages 2, got 8");
    Map<String, ?> three =
        Map.of("model.system", "rvq", "model.residualStages", 3, "model.hypotheses", 1000);
    assertThat(recipe.with(three).model().stageCodes()).isEqualTo(10);
    assertThat(recipe.with(Map.of("model.system", "vq", "model.grid", 16)).model().grid())
        .isEqualTo(16);
  }

  @Test
  void unknownFieldsAreNamedWithTheirNeighbours() {
    String json = RecipeJson.write(recipe).replace("\"hypotheses\"", "\"hypothesis\"");
    assertThatThrownBy(() -> RecipeJson.read(json, "recipe.json"))
        .hasMessageStartingWith("recipe.json: unknown field model.hypothesis; known fields")
        .hasMessageContaining("hypotheses");
    assertThatThrownBy(() -> recipe.with("model.kodes", 5))
        .hasMessageStartingWith("unknown recipe field model.kodes; known fields: format, data.im")
        .hasMessageContaining("prior.training.steps");
    assertThatThrownBy(() -> recipe.with("nothing.codes", 5)).hasMessageContaining("nothing.codes");
  }

  @Test
  void missingFieldsAndWrongTypesAreNamed() {
    String json = RecipeJson.write(recipe);
    assertThatThrownBy(() -> RecipeJson.read(json.replaceAll("\"codes\" : 256,", ""), "r"))
        .hasMessage("r: field model.codes is missing");
    assertThatThrownBy(() -> RecipeJson.read(json.replace(" 256,", " \"many\","), "r"))
        .hasMessageContaining("r: field model.codes");
    assertThatThrownBy(
            () -> RecipeJson.read(json.replace("\"codes\" : 256", "\"codes\" : 2.5"), "r"))
        .hasMessageContaining("r: field model.codes");
    assertThatThrownBy(() -> RecipeJson.read(json.replace("\"codes\" : 256", "\"codes\" : 0"), "r"))
        .hasMessage("r: model.codes must be at least 1, got 0");
    assertThatThrownBy(() -> RecipeJson.read("{\"format\": 2, \"data\": }", "r"))
        .hasMessageStartingWith("r: not JSON, line 1");
    assertThatThrownBy(() -> RecipeJson.read("", "r")).hasMessageStartingWith("r: ");
  }

  @Test
  void anotherFormatSaysSoBeforeAnythingElse() {
    String json = RecipeJson.write(recipe);
    assertThatThrownBy(
            () ->
                RecipeJson.read(json.replace("\"format\" : 2", "\"format\" : 3, \"new\" : 0"), "r"))
        .hasMessage("r: recipe format 3 is newer than the 2 this program reads; update mvq");
    assertThatThrownBy(
            () ->
                RecipeJson.read(json.replace("\"format\" : 2", "\"format\" : 1, \"old\" : 0"), "r"))
        .hasMessage(
            "r: recipe format 1 is of an mvq with other networks, this one reads 2; train again");
  }
}
