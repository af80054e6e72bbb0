package io.mvq.export;

import io.mvq.recipe.Data;
import io.mvq.recipe.Recipe;
import io.mvq.run.Part;
import io.mvq.run.Parts;
import io.mvq.run.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts that an export takes along, at their precision.
 *
 * @param images what they were trained on: {@code set:NAME}, or a folder's or file's own name
 * @param prior null if none is trained
 * @param masks null if none is trained
 */
record Selection(
    Path folder, String images, Part autoencoder, Part prior, Part masks, List<String> classes)
    implements Parts {
  /** Of a run. */
  static Selection of(Run run, Precision precision) throws IOException {
    Parts parts = run.parts();
    Part prior = parts.prior();
    Part masks = parts.masks();
    return new Selection(
        parts.folder(),
        name(run.whereImagesAre()),
        precision.of(parts.autoencoder()),
        prior == null ? null : precision.of(prior),
        masks == null ? null : precision.of(masks),
        parts.classes());
  }

  /** By their names. */
  Map<String, Part> named() {
    Map<String, Part> named = new LinkedHashMap<>();
    named.put("autoencoder", autoencoder);
    if (prior != null) {
      named.put("prior", prior);
    }
    if (masks != null) {
      named.put("masks", masks);
    }
    return named;
  }

  /** The autoencoder's recipe with the prior's, which may have been trained anew by another. */
  Recipe recipe() {
    Recipe own = autoencoder.recipe();
    Data data = own.data();
    return new Recipe(
        new Data(images, data.side(), data.channels(), data.flip()),
        own.architecture(),
        own.loss(),
        own.training(),
        prior == null ? own.prior() : prior.recipe().prior());
  }

  /** Where the images are without the folders on the way, which are nobody else's. */
  private static String name(String where) {
    if (where.startsWith("set:")) {
      return where;
    }
    int colon = where.indexOf(':');
    Path last = Path.of(where.substring(colon + 1)).getFileName();
    String form = colon < 0 ? "./" : where.substring(0, colon + 1);
    return form + (last == null ? "images" : last);
  }
}
