package io.mvq.run;

import io.mvq.data.Dataset;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.set.Datasets;
import io.mvq.data.set.ImageFolder;
import io.mvq.recipe.Data;
import io.mvq.recipe.Recipe;
import java.io.IOException;

/**
 * A run's images, opened, and where they are.
 *
 * @param named as the recipe names them
 * @param where an absolute path or {@code set:NAME}
 */
public record RunImages(String named, String where, Dataset set) {
  /** Opens the images that a recipe names, which may be from the present folder. */
  public static RunImages of(Recipe recipe) throws IOException {
    return of(recipe, ImageLimits.DEFAULT);
  }

  /** The same with other limits for image files. */
  public static RunImages of(Recipe recipe, ImageLimits limits) throws IOException {
    return at(recipe.data().images(), recipe, ImageFolder.Damaged.SKIP, limits);
  }

  /** Opens others for the same recipe. @param spec one of {@code Datasets.FORMS} */
  static RunImages at(String spec, Recipe recipe, ImageFolder.Damaged damaged, ImageLimits limits)
      throws IOException {
    Data data = recipe.data();
    Dataset set = Datasets.open(spec, data.side(), data.channels(), limits, damaged);
    return new RunImages(data.images(), Datasets.absolute(spec), set);
  }

  /** What a run keeps of them. */
  DataFacts facts() {
    return new DataFacts(
        named, where, set.digest(), set.train().size(), set.test().size(), set.train().classes());
  }
}
