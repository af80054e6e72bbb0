package io.mvq.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeJsonTest {
  private final Recipe recipe = Recipe.defaults();

  private static Recipe read(String json) {
    return RecipeJson.read(json, "r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vq", "mvq", "rvq", "gumbel", "concrete", "fsq", "lfq"})
  void aRecipeSurvivesItsJson(String system) {
    Recipe changed =
        Recipe.of(
            Map.of(
                "system",
                system,
                "architecture",
                "hierarchy",
                "data",
                "faces \"ä\"",
                "seed",
                -5,
                "prior-steps",
                10_000_000_000L));
    assertThat(read(RecipeJson.write(changed))).isEqualTo(changed);
    assertThat(RecipeJson.read(RecipeJson.changes(changed))).isEqualTo(changed);
    assertThat(changed.prior().training().steps()).isEqualTo(10_000_000_000L);
  }

  @Test
  void changesHoldTheKindsAndWhatIsNoDefault() {
    String changes = RecipeJson.changes(recipe.with("codes", 512)).toString();
    assertThat(changes)
        .isEqualTo(
            "{\"format\":5,\"architecture\":{\"architecture\":\"single\",\"tokens\":"
                + "{\"system\":\"mvq\",\"codebooks\":{\"codes\":512}}},"
                + "\"prior\":{\"prior\":\"transformer\"}}");
  }

  @Test
  void aFieldThatAFileLacksTakesItsDefault() {
    assertThat(read("{\"format\": 5}")).isEqualTo(recipe);
    assertThat(read(RecipeJson.write(recipe).replaceAll("\"codes\" : 256,", ""))).isEqualTo(recipe);
  }

  @Test
  void anUnknownFieldIsNamedWithItsNeighboursAndItsWriter() {
    String json =
        RecipeJson.write(recipe)
            .replace("\"maskWidth\"", "\"maskBreadth\"")
            .replaceAll("\"mvq\" : \"[^\"]*\"", "\"mvq\" : \"9.1\"");
    assertThatThrownBy(() -> read(json))
        .hasMessageStartingWith("r: unknown field architecture.tokens.maskBreadth; known fields")
        .hasMessageContaining("maskWidth")
        .hasMessageContaining("it was written by mvq 9.1, this is ");
  }

  @Test
  void wrongTypesAndDoubledFieldsAreRefused() {
    String json = RecipeJson.write(recipe);
    assertThatThrownBy(() -> read(json.replace(" 256,", " \"many\",")))
        .hasMessage(
            "r: field architecture.tokens.codebooks.codes must be a whole number, got \"many\"");
    assertThatThrownBy(() -> read(json.replace("\"codes\" : 256", "\"codes\" : 2.5")))
        .hasMessageContaining("codes must be a whole number, got 2.5");
    assertThatThrownBy(() -> read(json.replace("\"codes\" : 256", "\"codes\" : 0")))
        .hasMessage("r: codes must be at least 1, got 0");
    assertThatThrownBy(() -> read("{\"format\": 3, \"data\": {}, \"data\": {}}"))
        .hasMessageStartingWith("r: not JSON, line 1: Duplicate field");
    assertThatThrownBy(() -> read("{\"format\": 3, \"data\": 7}"))
        .hasMessage("r: field data must be a JSON object");
    assertThatThrownBy(() -> read("{\"format\": 3, \"data\": }"))
        .hasMessageStartingWith("r: not JSON, line 1");
    assertThatThrownBy(() -> read("")).hasMessageStartingWith("r: ");
    assertThatThrownBy(() -> read("{}"))
        .hasMessageStartingWith("r: field format must be a whole number");
  }

  @Test
  void anotherFormatSaysSoBeforeAnythingElse() {
    assertThatThrownBy(() -> read("{\"format\": 6, \"new\": 0, \"mvq\": \"9.1\"}"))
        .hasMessageStartingWith("r: recipe format 6 of mvq 9.1 is newer than the 5 that mvq ")
        .hasMessageEndingWith("update mvq");
    assertThatThrownBy(() -> read("{\"format\": 1}"))
        .hasMessage(
            "r: recipe format 1 is of an mvq with other networks, this one reads 2 to 5; train"
                + " again");
  }

  /** Before format 5, diffusion predicted the noise. */
  @Test
  void whatAFileOfFormatFourLacksIsWhatItWasThen() {
    String older = "{\"format\": 4, \"architecture\": {\"architecture\": \"continuous\"}}";
    Recipe continuous = recipe.with("architecture", "continuous");
    assertThat(read(older)).isEqualTo(continuous.with("prior-predicts", "noise"));
    assertThat(read(older.replace("4", "5"))).isEqualTo(continuous);
    assertThat(read("{\"format\": 4}")).isEqualTo(recipe);
  }

  /** Before format 4, draws were trained only where a recipe said so. */
  @Test
  void whatAFileOfFormatThreeLacksIsWhatItWasThen() {
    assertThat(read("{\"format\": 3}")).isEqualTo(recipe.with("draw-weight", 0));
    String scored =
        "{\"format\": 3, \"loss\": {\"draws\": {\"weight\": 1.5, \"look\": \"labels\"}}}";
    assertThat(read(scored).loss().draws())
        .isEqualTo(new DrawScore(1.5, 2, LookKind.LABELS, 800, 0, 0, 0.5, 0, 0.5));
  }

  /** One of each kind, as commit b3e171c wrote them. */
  @ParameterizedTest
  @CsvSource({
    "vq,vq,single",
    "mvq,mvq,single",
    "rvq,rvq,single",
    "gumbel,gumbel,single",
    "concrete,concrete,single",
    "fsq,fsq,single",
    "lfq,lfq,single",
    "vq-grid,vq,single",
    "hierarchy,vq,hierarchy",
    "hierarchy-mvq,mvq,hierarchy",
    "continuous,continuous,continuous",
    "mvq-masks,mvq,single",
    "mvq-mixture,mvq,single"
  })
  void filesOfFormatTwoMeanWhatTheyMeant(String name, String system, String architecture)
      throws IOException {
    Path file = Path.of("tests/golden/format2", name + ".json");
    Recipe read = RecipeJson.read(Files.readString(file), file.toString());
    assertThat(read.architecture().system()).isEqualTo(system);
    assertThat(read.flags())
        .containsEntry("architecture", architecture)
        .containsEntry("width", "2")
        .containsEntry("batch", "8")
        .containsEntry("average-decay", "0.0")
        .containsEntry("prior-width", "4");
    assertThat(read(RecipeJson.write(read))).isEqualTo(read);
  }

  @Test
  void anUnknownFieldOfFormatTwoIsRefusedToo() {
    assertThatThrownBy(() -> read("{\"format\": 2, \"model\": {\"kodes\": 3}}"))
        .hasMessage("r: unknown field model.kodes of recipe format 2");
  }
}
