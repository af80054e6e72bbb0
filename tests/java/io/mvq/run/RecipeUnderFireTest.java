package io.mvq.run;

import io.mvq.files.Fire;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The reader of recipes against damaged files, of this format and of an older one. */
@Timeout(36_000)
class RecipeUnderFireTest {
  @TempDir Path folder;

  @Test
  void recipesOfBothFormats() throws IOException {
    Path old = Path.of("tests/golden/format2/mvq-mixture.json");
    byte[] now = RecipeJson.write(Recipe.defaults()).getBytes(StandardCharsets.UTF_8);
    for (byte[] text : new byte[][] {now, Files.readAllBytes(old)}) {
      Fire.at(folder.resolve("recipe.json"), text, file -> new Run(folder).recipe());
    }
  }
}
