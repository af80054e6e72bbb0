package io.mvq.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DrawScoreTest {
  private static void assertRefused(Map<String, ?> flags, String message) {
    assertThatThrownBy(() -> Recipe.of(flags))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void thereIsNoneUnlessAskedFor() {
    DrawScore plain = Recipe.defaults().loss().draws();
    assertThat(plain.on()).isFalse();
    assertThat(plain.look()).isEqualTo(LookKind.NONE);
    Recipe scored = Recipe.of(Map.of("draw-weight", 1.5, "look", "rotations"));
    assertThat(scored.loss().draws().on()).isTrue();
    assertThat(RecipeJson.read(RecipeJson.write(scored), "r")).isEqualTo(scored);
  }

  @Test
  void settingsThatMeanNothingAreNamed() {
    assertRefused(
        Map.of("look", "labels"),
        "draw-weight must be above 0 to train against the look labels, got 0");
    assertRefused(
        Map.of("draw-weight", 1, "patch-weight", 0),
        "patch-weight must be above 0 without a look, got 0");
    assertRefused(Map.of("draw-weight", -1), "draw-weight must be at least 0 and finite, got -1");
    assertRefused(Map.of("draws", 1), "draws must be at least 2, got 1");
    assertRefused(Map.of("draw-share", 0), "draw-share must be above 0 and at most 1, got 0.0");
    assertRefused(Map.of("look-steps", 0), "look-steps must be at least 1, got 0");
    assertRefused(
        Map.of("patch-weight", -0.5), "patch-weight must be at least 0 and finite, got -0.5");
    assertRefused(
        Map.of("draw-weight", 1, "look", "mobilenet", "look-rate", 1e-4),
        "look-rate must be 0 for the look mobilenet: only one made here can learn, got 1.0E-4");
    assertRefused(
        Map.of("draw-weight", 1, "look-rate", 1e-4),
        "look-rate must be 0 for the look none: only one made here can learn, got 1.0E-4");
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
