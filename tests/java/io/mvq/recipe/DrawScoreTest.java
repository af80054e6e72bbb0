package io.mvq.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrawScoreTest {
  private static void assertRefused(Map<String, ?> flags, String message) {
    assertThatThrownBy(() -> Recipe.of(flags))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void drawsAreTrainedUnlessOneAsksOtherwise() {
    DrawScore plain = Recipe.defaults().loss().draws();
    assertThat(plain.on()).isTrue();
    assertThat(plain.look()).isEqualTo(LookKind.INSTANCES); // which needs no classes
    Recipe off = Recipe.of(Map.of("draw-weight", 0));
    assertThat(off.loss().draws().on()).isFalse();
    assertThat(off.loss().draws().learns()).isFalse();
    assertThat(off).isEqualTo(Recipe.of(Map.of("draw-weight", 0, "draws", 3, "look-rate", 0.1)));
    for (Recipe one : List.of(off, Recipe.of(Map.of("look", "mobilenet")))) {
      assertThat(RecipeJson.read(RecipeJson.write(one), "r")).isEqualTo(one);
      assertThat(RecipeJson.read(RecipeJson.changes(one))).isEqualTo(one);
    }
    assertThatThrownBy(() -> off.with("look", "labels"))
        .hasMessage("draw-weight must be above 0 to train against the look labels, got 0");
    assertThat(off.with(Map.of("look", "labels", "draw-weight", 1)).loss().draws().learns())
        .isTrue();
  }

  @Test
  void settingsThatMeanNothingAreNamed() {
    assertRefused(
        Map.of("look", "labels", "draw-weight", 0),
        "draw-weight must be above 0 to train against the look labels, got 0");
    assertRefused(
        Map.of("look", "none", "patch-weight", 0),
        "patch-weight must be above 0 without a look, got 0");
    assertRefused(Map.of("draw-weight", -1), "draw-weight must be at least 0 and finite, got -1");
    assertRefused(Map.of("draws", 1), "draws must be at least 2, got 1");
    assertRefused(Map.of("draw-share", 0), "draw-share must be above 0 and at most 1, got 0.0");
    assertRefused(Map.of("look-steps", 0), "look-steps must be at least 1, got 0");
    assertRefused(
        Map.of("patch-weight", -0.5), "patch-weight must be at least 0 and finite, got -0.5");
    assertRefused(
        Map.of("look", "mobilenet", "look-rate", 1e-4),
        "look-rate must be 0 for the look mobilenet: only one made here can learn, got 1.0E-4");
    assertRefused(
        Map.of("look", "none", "look-rate", 1e-4),
        "look-rate must be 0 for the look none: only one made here can learn, got 1.0E-4");
    assertRefused(
        Map.of("look", "rotations", "look-lesson", 0.5),
        "look-lesson must be 0 for the look rotations: only labels has a lesson to keep, got 0.5");
    assertRefused(
        Map.of("look", "vgg"),
        "look must be one of [none, untrained, labels, rotations, instances, mobilenet,"
            + " inception], got vgg");
  }

  @Test
  void batchesDrawWindowsOfAStreamThatIsNotTheSearchsOwn() {
    DrawScore score = Recipe.defaults().loss().draws();
    assertThat(score.draws(3, 5, 8).first()).isEqualTo(40);
    assertThat(score.draws(3, 5, 8).seed()).isEqualTo(score.draws(3, 6, 8).seed()).isNotEqualTo(3);
  }
}
