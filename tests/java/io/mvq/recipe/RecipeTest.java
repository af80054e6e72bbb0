package io.mvq.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.hypothesis.MaskSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeTest {
  private final Recipe recipe = Recipe.defaults();

  @Test
  void everyLimitNamesFlagValueAndLimit() {
    Map<String, Object> bad =
        Map.ofEntries(
            Map.entry("side", 48),
            Map.entry("channels", 4),
            Map.entry("system", "vae"),
            Map.entry("base-tokens", 0),
            Map.entry("secondary-tokens", 0),
            Map.entry("codes", 0),
            Map.entry("hypotheses", -1),
            Map.entry("dropout", 1.0),
            Map.entry("head-hidden", "8,0"),
            Map.entry("codebook-width", 65),
            Map.entry("commitment", -0.5),
            Map.entry("codebook-decay", 0.0),
            Map.entry("grid", 8),
            Map.entry("masks", "some"),
            Map.entry("gate-share", 0.0),
            Map.entry("mixture-weight", 0.25),
            Map.entry("soft-top", 0),
            Map.entry("steps", 0),
            Map.entry("batch", "many"),
            Map.entry("warmup", -1),
            Map.entry("learning-rate", 0.0),
            Map.entry("average-decay", 1.0),
            Map.entry("flip", "yes"),
            Map.entry("prior", "rnn"),
            Map.entry("prior-steps", 0),
            Map.entry("mask-prior", "learned"),
            Map.entry("pixel-loss", "l3"),
            Map.entry("perceptual-weight", -1.0),
            Map.entry("adversarial-weight", Double.NaN),
            Map.entry("adversarial-start", -1),
            Map.entry("adversarial-ramp", -1),
            Map.entry("discriminator-width", 0),
            Map.entry("discriminator-rate", 0.0),
            Map.entry("prior-heads", 3));
    bad.forEach(
        (flag, value) ->
            assertThatThrownBy(() -> recipe.with(flag, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(flag + " must "));
    assertThatThrownBy(() -> recipe.with("codes", 0)).hasMessage("codes must be at least 1, got 0");
    assertThatThrownBy(() -> recipe.with("side", 48))
        .hasMessage("side must be a multiple of 32 in 32..512, got 48");
    assertThatThrownBy(() -> recipe.with("prior-heads", 3))
        .hasMessage("prior-heads must divide prior-width 256, got 3");
    assertThatThrownBy(() -> recipe.with("learning-rate", Double.NaN))
        .hasMessage("learning-rate must be greater than 0 and finite, got NaN");
    assertThatThrownBy(() -> recipe.with("batch", "1.5"))
        .hasMessage("batch must be a whole number, got 1.5");
  }

  @Test
  void flagsThatDependOnEachOtherAreCheckedTogether() {
    assertThat(recipe.with(Map.of("prior-width", 250, "prior-heads", 5)).prior().width())
        .isEqualTo(250);
    assertThatThrownBy(() -> recipe.with("prior-width", 250))
        .hasMessage("prior-heads must divide prior-width 250, got 4");
    assertThat(recipe.with(Map.of("secondary-tokens", 0, "system", "vq")).tokens())
        .isEqualTo(recipe.with("system", "vq").with("secondary-tokens", 0).tokens());
  }

  @Test
  void aFlagOfAnotherSystemIsRefusedAndSaysWhoseItIs() {
    assertThatThrownBy(() -> Recipe.of(Map.of("system", "vq", "hypotheses", 8)))
        .hasMessage("hypotheses belongs to system mvq, rvq, here is system vq, got 8");
    assertThatThrownBy(() -> recipe.with(Map.of("system", "vq", "levels", "5,5")))
        .hasMessageStartingWith("levels belongs to system fsq, here is system vq");
    assertThatThrownBy(() -> Recipe.of(Map.of("architecture", "continuous", "codes", 8)))
        .hasMessageEndingWith("here is no system, got 8");
    assertThatThrownBy(() -> Recipe.of(Map.of("kodes", 8))).hasMessage("unknown setting kodes");
    assertThat(Recipe.ofApplicable(Map.of("system", "vq", "hypotheses", 8)))
        .isEqualTo(Recipe.of(Map.of("system", "vq")));
  }

  @Test
  void anotherSystemTakesOnlyWhatItHas() {
    Recipe vq = recipe.with("codes", 64).with("system", "vq");
    assertThat(vq.tokens()).isInstanceOf(Vq.class);
    assertThat(vq.tokens().codes()).isEqualTo(64);
    assertThat(vq.tokens().masked()).isFalse();
  }

  @Test
  void masksAreLearnedOnlyWhereThereAreSome() {
    Recipe learned = recipe.with("mask-prior", "bernoulli");
    assertThat(learned.prior().masks()).isEqualTo(MaskPriorKind.BERNOULLI);
    assertThatThrownBy(() -> learned.with("system", "vq"))
        .hasMessage("mask-prior must be uniform: vq has no masks, got bernoulli");
  }

  @Test
  void continuousLatentsComeWithDiffusionAndNothingElseDoes() {
    Recipe latents = Recipe.of(Map.of("architecture", "continuous", "latents", 5));
    assertThat(latents.prior()).isInstanceOf(DiffusionPrior.class);
    assertThatThrownBy(latents::tokens).hasMessageContaining("has no tokens");
    assertThatThrownBy(() -> Recipe.of(Map.of("architecture", "continuous", "prior", "pixelcnn")))
        .hasMessage("prior must be diffusion for a continuous architecture, got pixelcnn");
    assertThatThrownBy(() -> Recipe.of(Map.of("prior", "diffusion")))
        .hasMessageContaining("diffusion needs --architecture continuous");
  }

  @Test
  void systemsRefuseWhatTheyCannotMake() {
    assertThatThrownBy(() -> recipe.with("masks", "gates"))
        .hasMessage("mask-width must lie in [1, 12], got 64");
    assertThatThrownBy(() -> recipe.with(Map.of("system", "lfq", "codes", 100)))
        .hasMessage("codes must be a power of two for lfq, got 100");
    Map<String, ?> uneven = Map.of("system", "rvq", "residual-stages", 2, "hypotheses", 8);
    assertThatThrownBy(() -> Recipe.of(uneven))
        .hasMessage("hypotheses must be a whole number to the power of residual-stages 2, got 8");
    Map<String, ?> three = Map.of("system", "rvq", "residual-stages", 3, "hypotheses", 1000);
    assertThat(((Residual) Recipe.of(three).tokens()).stageCodes()).isEqualTo(10);
    Mvq gates =
        (Mvq) Recipe.of(Map.of("masks", "gates", "mask-width", 8, "mixture-weight", 0.25)).tokens();
    assertThat(gates.hypotheses().masks()).isEqualTo(MaskSet.Kind.GATES);
    assertThat(gates.hypotheses().headHidden()).isEqualTo(List.of(128));
  }
}
