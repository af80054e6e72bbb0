package io.mvq.run;

import io.mvq.data.Augmentation;
import io.mvq.data.Batch;
import io.mvq.data.Batches;
import io.mvq.data.Dataset;
import io.mvq.data.Halves;
import io.mvq.data.ImageSource;
import io.mvq.metric.LabelledImages;
import io.mvq.metric.SmallClassifier;
import io.mvq.tensor.Tensors;
import io.mvq.train.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;

/** The feature network of a data set: a small classifier, trained once and kept in a file. */
public final class Features {
  private static final int BATCH = 64;
  private static final String ACCURACY = "accuracy";
  private static final String IMAGES = "images";
  private static final String HALF = "half";

  private Features() {}

  /** Reads the classifier from the file, or trains it for so many steps and writes it there. */
  public static SmallClassifier of(Dataset data, Path file, int steps, long seed)
      throws IOException {
    return of(data, file, steps, seed, false);
  }

  /**
   * The same for models that were trained against a network that saw the set's images.
   *
   * @param half whether the classifier may see but the half that is {@link Halves#measuring}; a
   *     file's that saw all is refused
   */
  public static SmallClassifier of(Dataset data, Path file, int steps, long seed, boolean half)
      throws IOException {
    ImageSource train = half ? Halves.of(data.train()).measuring() : data.train();
    if (train.classes().size() < 2) {
      throw new IllegalArgumentException(
          "a Frechet distance needs a feature network, hence images of at least 2 classes (subfolders); "
              + data.name()
              + " has "
              + train.classes().size());
    }
    if (Files.exists(file)) {
      Safetensors saved = Safetensors.read(file);
      if (!saved.metadata().containsKey(ACCURACY)) {
        throw new IOException(file + " is no feature network of mvq's: it names no accuracy");
      }
      if (half && !HALF.equals(saved.metadata().get(IMAGES))) {
        throw new IOException(
            file
                + " holds a classifier that saw all images, also those the look learned from; name"
                + " another file with --features, and one of the other half is made");
      }
      SmallClassifier network =
          new SmallClassifier(data.name(), train.channels(), train.classes().size());
      network.load(saved.tensors(), Double.parseDouble(saved.metadata().get(ACCURACY)));
      return network;
    }
    try (Batches batches =
            Batches.shuffled(train, Math.min(BATCH, train.size()), seed, 0, Augmentation.NONE, 1);
        Batches heldOut = Batches.inOrder(data.test(), BATCH, 1)) {
      SmallClassifier network =
          SmallClassifier.train(
              data.name(),
              train.channels(),
              train.classes().size(),
              () -> labelled(batches.next()),
              new Iterator<>() {
                @Override
                public boolean hasNext() {
                  return heldOut.hasNext();
                }

                @Override
                public LabelledImages next() {
                  return labelled(heldOut.next());
                }
              },
              steps,
              seed);
      try (PointerScope scope = new PointerScope()) {
        new Safetensors(network.weights(), metadata(network, half)).write(file);
      }
      return network;
    }
  }

  private static Map<String, String> metadata(SmallClassifier network, boolean half) {
    String accuracy = Double.toString(network.accuracy());
    return half ? Map.of(ACCURACY, accuracy, IMAGES, HALF) : Map.of(ACCURACY, accuracy);
  }

  static LabelledImages labelled(Batch batch) {
    return new LabelledImages(batch.pixels(), Tensors.of(batch.labels(), batch.labels().length));
  }
}
