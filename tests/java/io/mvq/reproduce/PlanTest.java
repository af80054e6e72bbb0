package io.mvq.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.Residual;
import io.mvq.run.Run;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class PlanTest {
  @Test
  void everyTrialHasAFileOfItsOwn() {
    for (String scale : List.of("smoke", "small", "full")) {
      Plan plan = Plan.of(Protocol.of(scale));
      Set<String> ids = new HashSet<>();
      plan.trials().forEach(trial -> assertThat(ids.add(trial.id())).as(trial.id()).isTrue());
    }
  }

  @Test
  void everyTrialsModelHasTheTokensItSays() {
    Protocol protocol = Protocol.of("smoke");
    for (Trial trial : Plan.of(protocol).trials()) {
      Recipe recipe = trial.recipe(protocol);
      if (recipe.architecture().isContinuous()) {
        continue;
      }
      try (PointerScope scope = new PointerScope()) {
        TokenAutoencoder model = (TokenAutoencoder) Run.autoencoder(recipe);
        // A residual VQ spends the mask's bits on one more token.
        int more = recipe.tokens() instanceof Residual residual ? residual.stages() : 0;
        assertThat(model.codes()).as(trial.id()).hasSize(trial.tokens() + more);
      }
    }
  }

  @Test
  void theMainComparisonRunsEverySeedOnTwoDataSetsAndOneOnTheThird() {
    for (String scale : List.of("small", "full")) {
      Protocol protocol = Protocol.of(scale);
      Plan plan = Plan.of(protocol);
      for (int tokens : Protocol.TOKENS) {
        Map<String, Set<Long>> seeds = new HashMap<>();
        for (Trial trial : plan.sections().get(Plan.MAIN + ", " + tokens + " tokens")) {
          seeds.computeIfAbsent(trial.dataset(), none -> new HashSet<>()).add(trial.seed());
        }
        assertThat(seeds)
            .containsOnly(
                Map.entry(protocol.datasets().get(0), Set.of(1L, 2L, 3L)),
                Map.entry(protocol.datasets().get(1), Set.of(1L, 2L, 3L)),
                Map.entry(protocol.datasets().get(2), Set.of(1L)));
      }
    }
  }

  @Test
  void oneDataSetIsEnough() {
    Plan plan = Plan.of(Protocol.of("small").on(List.of("emoji")));
    assertThat(plan.sections().get(Plan.MAIN + ", 2 tokens")).hasSize(6);
  }

  @Test
  void sectionsAreChosenByAPartOfTheirName() {
    Plan plan = Plan.of(Protocol.of("smoke"));
    assertThat(plan.only(List.of("sweep")).sections()).containsOnlyKeys(Plan.SWEEP);
    assertThatThrownBy(() -> plan.only(List.of("nothing")))
        .hasMessageContaining("--only must name some of [VQ against MVQ, 2 tokens,")
        .hasMessageEndingWith("got [nothing]");
  }

  @Test
  void anUnknownScaleIsRefused() {
    assertThatThrownBy(() -> Protocol.of("huge"))
        .hasMessage("--scale must be smoke, small or full, got huge");
  }
}
