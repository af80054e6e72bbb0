package io.mvq.look;

import io.mvq.metric.LabelledImages;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Shapes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A small network made on the spot: trained in about a minute on the data set itself, or not at
 * all. Nothing need be fetched, and a step against it costs little.
 */
public final class SmallLook implements Look {
  private static final long LEAST_SIDE = 16;
  private static final int LEAST_IMAGES = 8;
  private static final List<Integer> WIDTHS = List.of(32, 64, 128, 128);
  private static final double RATE = 2e-3;
  private static final double DECAY = 0.05;

  private final SmallNetwork network;
  private final long channels;
  private final String name;

  private SmallLook(String name, long channels) {
    this.name = name;
    this.channels = channels;
    network = new SmallNetwork(channels, WIDTHS);
  }

  /**
   * An untrained one: already its random maps tell more than pixels do.
   *
   * @param seed of its weights; the caller's generator is left as it was
   */
  public static SmallLook untrained(long channels, long seed) {
    try (RandomState.Aside aside = RandomState.aside(seed)) {
      SmallLook look = new SmallLook("small network (untrained, seed " + seed + ")", channels);
      look.freeze();
      return look;
    }
  }

  /**
   * Trains one with AdamW.
   *
   * @param data what it is trained on, for its name
   * @param classes of the data set; read by {@link Lesson#LABELS} alone
   * @param batches of other images than the measuring classifier is trained on; labels are read by
   *     {@link Lesson#LABELS} alone
   * @param steps 400 of 128 images are about a minute of one core at 32x32
   * @param seed of weights and questions, another than the measuring classifier's; the caller's
   *     generator is left as it was
   */
  public static SmallLook train(
      String data,
      Lesson lesson,
      long channels,
      int classes,
      Supplier<LabelledImages> batches,
      int steps,
      long seed) {
    try (RandomState.Aside aside = RandomState.aside(seed)) {
      SmallLook look =
          new SmallLook(
              "small network (" + data + ", " + lesson.name().toLowerCase(Locale.ROOT) + ")",
              channels);
      look.learn(lesson, classes, batches, steps);
      look.freeze();
      return look;
    }
  }

  /**
   * Throws unless a look has images enough to learn from.
   *
   * @param look for the error
   * @param images of the half that the measuring classifier does not see
   */
  public static void requireImages(String look, int images) {
    if (images < LEAST_IMAGES) {
      throw new IllegalArgumentException(
          look
              + " needs at least "
              + LEAST_IMAGES
              + " images, half of the training images, got "
              + images
              + "; --draw-weight 0 trains without one");
    }
  }

  private void learn(Lesson lesson, int classes, Supplier<LabelledImages> batches, int steps) {
    Module both = new Module();
    both.register_module("network", network);
    LinearImpl tells = both.register_module("tells", tells(lesson, classes));
    AdamWOptions options = new AdamWOptions(RATE);
    options.weight_decay().put(DECAY);
    try (AdamW optimizer = new AdamW(both.parameters(), options)) {
      for (int step = 0; step < steps; step++) {
        try (PointerScope scope = new PointerScope()) {
          Lesson.Question question = lesson.ask(batches.get());
          List<Tensor> maps = network.maps(question.images());
          Tensor told = tells.forward(maps.get(maps.size() - 1).mean(2, 3));
          Tensor loss = lesson.loss(told, question);
          optimizer.zero_grad();
          loss.backward();
          optimizer.step();
        }
      }
    }
  }

  /** The layer that answers a lesson. */
  static LinearImpl tells(Lesson lesson, int classes) {
    return new LinearImpl(WIDTHS.get(WIDTHS.size() - 1), lesson.answers(classes));
  }

  /** Moves it to where images and maps are to be. */
  public SmallLook to(Device device) {
    network.to(device, false);
    return this;
  }

  /** Runs its convolutions in bfloat16; maps stay float32. @param on otherwise in float32 */
  public SmallLook bfloat16(boolean on) {
    network.bfloat16(on);
    return this;
  }

  private void freeze() {
    network.eval();
    Parameters.all(network).values().forEach(weight -> weight.set_requires_grad(false));
  }

  /** What learns, if it goes on learning. */
  SmallNetwork network() {
    return network;
  }

  /** Channels of each map. */
  static List<Integer> widths() {
    return WIDTHS;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void check(long channels, long side) {
    if (channels != this.channels || side < LEAST_SIDE) {
      throw new IllegalArgumentException(
          String.format(
              "%s sees images of %d channels, at least %d pixels wide; got %d channels, %d wide",
              name, this.channels, LEAST_SIDE, channels, side));
    }
  }

  @Override
  public List<Tensor> maps(Tensor images) {
    long[] shape = Shapes.of(images, "images");
    Shapes.require(images, "images", Shapes.ANY, Shapes.ANY, Shapes.ANY, Shapes.ANY);
    check(shape[1], shape[2]);
    return network.constantMaps(images);
  }

  /** Weights by name, to be saved; with {@link #name} all that {@link #load} needs. */
  public Map<String, Tensor> weights() {
    return Parameters.all(network);
  }

  /** A saved one. */
  public static SmallLook load(String name, Map<String, Tensor> weights) {
    Tensor first = weights.get("convolution0.weight");
    if (first == null) {
      throw new IllegalArgumentException(
          "weights of a small look must have convolution0.weight, got " + weights.keySet());
    }
    SmallLook look = new SmallLook(name, first.size(1));
    Map<String, Tensor> own = look.weights();
    if (!own.keySet().equals(weights.keySet())) {
      throw new IllegalArgumentException(
          "weights must be named " + own.keySet() + ", got " + weights.keySet());
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      own.forEach(
          (key, tensor) -> tensor.copy_(Shapes.require(weights.get(key), key, Shapes.of(tensor))));
    }
    look.freeze();
    return look;
  }
}
