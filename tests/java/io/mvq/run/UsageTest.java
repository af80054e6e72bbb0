package io.mvq.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
  @TempDir Path folder;

  private static TokenAutoencoder model(Map<String, ?> flags) {
    return (TokenAutoencoder)
        Run.autoencoder(Recipe.ofApplicable(flags).with(Map.of("side", 32, "width", 8)));
  }

  private static Tokenized images(int width, Tokenized.Masks masks, long... tokens) {
    return new Tokenized(tokens, new long[tokens.length / width], width, masks);
  }

  /** Hand-worked: 8 tokens, 4, 2 and 2 of three codes, have an entropy of 1.5 bits. */
  @Test
  void tokensThatShareACodebookAreCountedTogether() {
    try (PointerScope scope = new PointerScope()) {
      TokenAutoencoder model =
          model(Map.of("system", "mvq", "codes", 5, "base-tokens", 2, "secondary-tokens", 1));
      assertThat(model.codebooks()).containsExactly(0, 0, 1);
      // Winners' masks of 4 images, a word each: one three times, another once.
      Tokenized.Masks masks = new Tokenized.Masks(new long[] {9, 9, 3, 9}, 1, 32);
      Usage usage = Usage.of(model, images(3, masks, 0, 0, 4, 1, 2, 4, 0, 0, 4, 2, 1, 4));
      assertThat(usage.images()).isEqualTo(4);
      assertThat(usage.codebooks()).hasSize(2);
      Usage.Book base = usage.codebooks().get(0);
      assertThat(base.counts()).containsExactly(4, 2, 2, 0, 0);
      assertThat(base.tokens()).isEqualTo(2);
      assertThat(base.used()).isEqualTo(3);
      assertThat(base.perplexity()).isCloseTo(Math.pow(2, 1.5), within(1e-9));
      Usage.Book masked = usage.codebooks().get(1);
      assertThat(masked.counts()).containsExactly(0, 0, 0, 0, 4);
      assertThat(masked.perplexity()).isCloseTo(1, within(1e-9));
      assertThat(usage.masks().winners()).isEqualTo(4);
      assertThat(usage.masks().distinct()).isEqualTo(2);
      assertThat(usage.masks().perplexity())
          .isCloseTo(Math.exp(0.75 * Math.log(4 / 3.0) + 0.25 * Math.log(4)), within(1e-9));
      assertThat(usage.scalars())
          .containsEntry("codebook/1/used", 3.0)
          .containsEntry("codebook/2/perplexity", 1.0)
          .containsEntry("masks/distinct", 2.0);
    }
  }

  @Test
  void everySystemSaysWhichTokensShareACodebook() {
    try (PointerScope scope = new PointerScope()) {
      assertThat(model(Map.of("system", "vq", "secondary-tokens", 2)).codebooks())
          .containsExactly(0, 1, 2);
      assertThat(model(Map.of("system", "fsq", "grid", 2)).codebooks()).containsExactly(0, 0, 0, 0);
      assertThat(
              model(Map.of("system", "rvq", "residual-stages", 2, "secondary-tokens", 0))
                  .codebooks())
          .hasSizeGreaterThan(2)
          .startsWith(0, 1)
          .endsWith(2);
      assertThat(
              model(Map.of("architecture", "hierarchy", "system", "mvq", "bottom-tokens", 2))
                  .codebooks())
          .containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void whatIsWrittenIsReadBackAndWhatIsNotAUsageIsNamed() throws IOException {
    assertThat(Usage.read(folder)).isNull();
    try (PointerScope scope = new PointerScope()) {
      TokenAutoencoder model = model(Map.of("system", "vq", "codes", 3, "secondary-tokens", 0));
      Usage usage = Usage.of(model, images(1, Tokenized.Masks.NONE, 2, 2, 0));
      assertThat(usage.masks()).isNull();
      usage.write(folder);
      assertThat(Usage.read(folder)).usingRecursiveComparison().isEqualTo(usage);
    }
    Path file = folder.resolve("usage.json");
    for (String text : new String[] {"{", "{}", "null", "[]", "{\"format\": 9}"}) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> Usage.read(folder))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file.toString())
          .hasMessageEndingWith("it is for people: delete it");
    }
  }
}
