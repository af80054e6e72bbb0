package io.mvq.recipe;

import io.mvq.autoencoder.ImageShape;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;
import io.mvq.setting.Settings;
import io.mvq.train.Training;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Everything that determines a run, validated when made. {@link RecipeJson} keeps it in files. The
 * default is two tokens an image, 64x64 RGB: the paper's smallest setting at the size of a
 * workstation.
 *
 * @param data which images
 * @param architecture the autoencoder, with what makes its tokens
 * @param loss what makes a reconstruction good
 * @param training how the autoencoder is trained
 * @param prior what new images come from, with its own training
 */
public record Recipe(
    @Part(heading = "Images") Data data,
    @Part Architecture architecture,
    @Part(heading = "Loss") ImageLoss loss,
    @Part(heading = "Training of the autoencoder") Training training,
    @Part Prior prior) {

  public Recipe {
    Limits.present("data", data);
    Limits.present("architecture", architecture);
    Limits.present("loss", loss);
    Limits.present("training", training);
    Limits.present("prior", prior);
    List<Integer> grids = architecture.grids(new ImageShape(data.channels(), data.side()));
    if (architecture.grid() != 0 && !grids.contains(architecture.grid())) {
      throw Limits.bad(
          "grid",
          "must be 0 or, of images of side " + data.side() + ", one of " + grids,
          architecture.grid());
    }
    if (architecture.isContinuous() != prior instanceof DiffusionPrior) {
      throw Limits.bad(
          "prior",
          architecture.isContinuous()
              ? "must be diffusion for a continuous architecture"
              : "must be transformer or pixelcnn: diffusion needs --architecture continuous",
          prior.name());
    }
    if (prior.masks() != MaskPriorKind.UNIFORM && !architecture.masked()) {
      throw Limits.bad(
          "mask-prior",
          "must be uniform: " + architecture.system() + " has no masks",
          prior.masks().toString().toLowerCase(Locale.ROOT));
    }
  }

  /** The default recipe. */
  public static Recipe defaults() {
    return of(Map.of());
  }

  /**
   * The default recipe with these flags, named as on the command line without dashes, e.g. {@code
   * Map.of("system", "vq", "codes", "64")}.
   *
   * @throws IllegalArgumentException naming the flag, what it must be and what it was
   */
  public static Recipe of(Map<String, ?> flags) {
    Map<String, String> asked = texts(flags);
    Recipe made = ofAll(asked);
    made.loss.draws().check(asked);
    return made;
  }

  /** Like {@link #of}, where nobody asked for each flag: a file lists them all. */
  static Recipe ofAll(Map<String, String> flags) {
    return Settings.make(Recipe.class, withPrior(flags));
  }

  /** Like {@link #of}; flags of systems other than the chosen one are left out. */
  public static Recipe ofApplicable(Map<String, ?> flags) {
    return Settings.makeOf(Recipe.class, withPrior(texts(flags)));
  }

  /** Every flag with its value. */
  public Map<String, String> flags() {
    return Settings.of(this);
  }

  /** The flags whose values are not the defaults. */
  public Map<String, String> changedFlags() {
    Map<String, String> changed = flags();
    changed.entrySet().removeAll(defaults().flags().entrySet());
    return changed;
  }

  /** This recipe with some flags changed; settings of a system that is left go with it. */
  public Recipe with(Map<String, ?> flags) {
    Map<String, String> asked = texts(flags);
    Map<String, String> all = flags();
    all.putAll(asked);
    boolean continuous = Continuous.NAME.equals(all.get("architecture"));
    if (continuous != DiffusionPrior.NAME.equals(all.get("prior")) && !asked.containsKey("prior")) {
      all.remove("prior");
    }
    Recipe changed = Settings.makeOf(Recipe.class, withPrior(all));
    Map<String, String> known = changed.flags();
    for (String flag : asked.keySet()) {
      if (!known.containsKey(flag)) {
        Settings.make(Recipe.class, kept(all, known, flag)); // says why it does not belong
      }
    }
    changed.loss.draws().check(asked);
    return changed;
  }

  /** This recipe with one flag changed. */
  public Recipe with(String flag, Object value) {
    return with(Map.of(flag, value));
  }

  private static Map<String, String> kept(
      Map<String, String> all, Map<String, String> known, String flag) {
    Map<String, String> some = new LinkedHashMap<>(all);
    some.keySet().removeIf(name -> !known.containsKey(name) && !name.equals(flag));
    return some;
  }

  private static Map<String, String> texts(Map<String, ?> flags) {
    Map<String, String> texts = new LinkedHashMap<>();
    flags.forEach((flag, value) -> texts.put(flag, String.valueOf(value)));
    return texts;
  }

  /** Without tokens there is only one kind of prior, which need not be named. */
  private static Map<String, String> withPrior(Map<String, String> flags) {
    if (Continuous.NAME.equals(flags.get("architecture"))) {
      flags.putIfAbsent("prior", DiffusionPrior.NAME);
    }
    return flags;
  }

  /** What makes tokens. @throws IllegalArgumentException for an architecture without tokens */
  public Tokens tokens() {
    return architecture.tokens();
  }
}
