package io.mvq.metric;

import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Shapes;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.GroupNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A small convolutional classifier, trained in a minute on the data at hand; its penultimate layer
 * gives features. Good for comparing models of one data set with one another, nothing more.
 */
public final class SmallClassifier implements FeatureNetwork {
  private static final int[] CHANNELS = {32, 64, 128, 128};
  private static final int WIDTH = 128;

  // Held, not extended: Module has a name() of its own.
  private final Module network = new Module();
  private final String data;
  private final int classes;
  private final Conv2dImpl[] convolutions = new Conv2dImpl[CHANNELS.length];
  private final GroupNormImpl[] norms = new GroupNormImpl[CHANNELS.length];
  private final LinearImpl penultimate;
  private final LinearImpl last;
  private double accuracy = Double.NaN;

  /**
   * Untrained; see {@link #train} and {@link #load}. Create it outside a step's PointerScope.
   *
   * @param data what it is trained on, for its name
   * @param channels 1 or 3; images may have any side from 16 pixels
   */
  public SmallClassifier(String data, int channels, int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, got " + classes);
    }
    this.data = data;
    this.classes = classes;
    int from = channels;
    for (int i = 0; i < CHANNELS.length; i++) {
      Conv2dOptions options = new Conv2dOptions(from, CHANNELS[i], new LongPointer(3, 3));
      options.stride().put(new LongPointer(2, 2));
      options.padding().put(new LongPointer(1, 1));
      convolutions[i] = network.register_module("convolution" + i, new Conv2dImpl(options));
      norms[i] =
          network.register_module(
              "norm" + i, new GroupNormImpl(new GroupNormOptions(8, CHANNELS[i])));
      from = CHANNELS[i];
    }
    penultimate = network.register_module("penultimate", new LinearImpl(from, WIDTH));
    last = network.register_module("last", new LinearImpl(WIDTH, classes));
  }

  /**
   * Trains with AdamW and cross-entropy, each batch mirrored or not at random.
   *
   * @param steps 500 of 64 images for the emoji and 400 of 128 for Fashion-MNIST do
   * @param seed of the starting weights and the mirroring; the caller's generator is left as it was
   */
  public static SmallClassifier train(
      String data,
      int channels,
      int classes,
      Supplier<LabelledImages> batches,
      Iterator<LabelledImages> heldOut,
      int steps,
      long seed) {
    try (RandomState.Aside aside = RandomState.aside(seed)) {
      SmallClassifier classifier = new SmallClassifier(data, channels, classes);
      classifier.fit(batches, steps);
      classifier.accuracy = classifier.judge(heldOut);
      return classifier;
    }
  }

  @Override
  public String name() {
    String learned =
        Double.isNaN(accuracy)
            ? "untrained"
            : String.format(Locale.ROOT, "accuracy %.2f", accuracy);
    return String.format(
        Locale.ROOT, "small classifier (%s, %d classes, %s)", data, classes, learned);
  }

  @Override
  public int width() {
    return WIDTH;
  }

  /** The share of held-out images classified rightly, 0 to 1; NaN when untrained. */
  public double accuracy() {
    return accuracy;
  }

  @Override
  public Tensor features(Tensor images) {
    Shapes.require(
        images, "images", Shapes.ANY, convolutions[0].weight().size(1), Shapes.ANY, Shapes.ANY);
    try (NoGradGuard guard = new NoGradGuard()) {
      return hidden(images);
    }
  }

  /** The class that it takes each image for, (n) int64. @param images (n, c, h, w) in -1..1 */
  public Tensor classes(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return logits(images).argmax(new LongOptional(1), false);
    }
  }

  /** Weights by name, to be saved; with {@link #accuracy} all that {@link #load} needs. */
  public Map<String, Tensor> weights() {
    return Parameters.all(network);
  }

  /** Copies saved weights in. */
  public void load(Map<String, Tensor> weights, double accuracy) {
    Map<String, Tensor> own = weights();
    if (!own.keySet().equals(weights.keySet())) {
      throw new IllegalArgumentException(
          "weights must be named " + own.keySet() + ", got " + weights.keySet());
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      own.forEach(
          (name, tensor) ->
              tensor.copy_(Shapes.require(weights.get(name), name, Shapes.of(tensor))));
    }
    this.accuracy = accuracy;
  }

  private Tensor hidden(Tensor images) {
    Tensor x = images;
    for (int i = 0; i < convolutions.length; i++) {
      x = torch.relu(norms[i].forward(convolutions[i].forward(x)));
    }
    return torch.relu(penultimate.forward(x.mean(2, 3)));
  }

  private Tensor logits(Tensor images) {
    return last.forward(hidden(images));
  }

  private void fit(Supplier<LabelledImages> batches, int steps) {
    AdamWOptions options = new AdamWOptions(2e-3);
    options.weight_decay().put(0.05);
    try (AdamW optimizer = new AdamW(network.parameters(), options)) {
      for (int step = 0; step < steps; step++) {
        try (PointerScope scope = new PointerScope()) {
          LabelledImages batch = checked(batches.get());
          boolean mirrored = torch.rand(1).item_float() < 0.5f;
          Tensor images = mirrored ? torch.flip(batch.images(), 3) : batch.images();
          optimizer.zero_grad();
          torch.cross_entropy_loss(logits(images), batch.labels()).backward();
          optimizer.step();
        }
      }
    }
  }

  private double judge(Iterator<LabelledImages> heldOut) {
    long right = 0;
    long all = 0;
    while (heldOut.hasNext()) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        LabelledImages batch = checked(heldOut.next());
        right += classes(batch.images()).eq(batch.labels()).sum().item_long();
        all += batch.labels().numel();
      }
    }
    if (all == 0) {
      throw new IllegalArgumentException("heldOut must hold at least 1 image, got none");
    }
    return (double) right / all;
  }

  private LabelledImages checked(LabelledImages batch) {
    Shapes.require(batch.labels(), "labels", Shapes.of(batch.images(), "images")[0]);
    long least = batch.labels().min().item_long();
    long most = batch.labels().max().item_long();
    if (least < 0 || most >= classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "labels must be 0 to %d, got %d to %d; a classifier needs labelled images",
              classes - 1,
              least,
              most));
    }
    return batch;
  }
}
