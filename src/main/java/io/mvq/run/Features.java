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
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.bytedeco.javacpp.PointerScope;

/** The feature network of a data set: a small classifier, trained once and kept in a file. */
public final class Features {
  private static final int BATCH = 64;

  private Features() {}

  /**
   * How a classifier is made.
   *
   * @param steps of training
   * @param seed of its weights and the order of images
   * @param half whether it may see but the half that is {@link Halves#measuring}: for models that
   *     were trained against a network that saw the other
   */
  public record Making(int steps, long seed, boolean half) {
    public Making {
      if (steps < 1) {
        throw new IllegalArgumentException("feature-steps must be at least 1, got " + steps);
      }
    }

    /** What its name says it saw: distances of other networks are not comparable. */
    private String name(Dataset data) {
      return half ? "half of " + data.name() : data.name();
    }
  }

  /**
   * Reads the classifier from a file that is the caller's, or trains it and writes it there.
   *
   * @throws IOException if the file holds one that was made otherwise, as far as it says
   */
  public static SmallClassifier of(Dataset data, Path file, Making making) throws IOException {
    ImageSource train = images(data, making);
    if (!Files.exists(file)) {
      return made(data, train, file, making);
    }
    SavedFeatures saved = SavedFeatures.read(file);
    String other = saved.difference(SavedFeatures.texts(data, making), true);
    if (other != null) {
      throw new IOException(
          file + " holds a classifier that was made otherwise: " + other + "; name another file");
    }
    return saved.network(making.name(data), train);
  }

  /** The same of a file that only spares time: it is made anew when it is of anything else. */
  public static SmallClassifier cached(Dataset data, Path file, Making making, PrintStream out)
      throws IOException {
    ImageSource train = images(data, making);
    if (Files.exists(file)) {
      String why;
      try {
        SavedFeatures saved = SavedFeatures.read(file);
        why = saved.difference(SavedFeatures.texts(data, making), false);
        if (why == null) {
          return saved.network(making.name(data), train);
        }
      } catch (IOException e) {
        why = e.getMessage();
      }
      out.println(file + " is made anew: " + why);
    }
    out.println("training the feature network, " + making.steps() + " steps");
    return made(data, train, file, making);
  }

  /**
   * Reads a classifier as it is in its file, whatever images it was made for.
   *
   * @throws IOException if the file holds none, or one that is damaged
   */
  public static SmallClassifier read(Path file) throws IOException {
    return SavedFeatures.read(file).network(file.getFileName().toString());
  }

  private static ImageSource images(Dataset data, Making making) {
    ImageSource train = making.half() ? Halves.of(data.train()).measuring() : data.train();
    if (train.classes().size() < 2) {
      throw new IllegalArgumentException(
          "a Frechet distance needs a feature network, hence images of at least 2 classes (subfolders); "
              + data.name()
              + " has "
              + train.classes().size());
    }
    return train;
  }

  private static SmallClassifier made(Dataset data, ImageSource train, Path file, Making making)
      throws IOException {
    try (Batches batches =
            Batches.shuffled(
                train, Math.min(BATCH, train.size()), making.seed(), 0, Augmentation.NONE, 1);
        Batches heldOut = Batches.inOrder(data.test(), BATCH, 1)) {
      SmallClassifier network =
          SmallClassifier.train(
              making.name(data),
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
              making.steps(),
              making.seed());
      try (PointerScope scope = new PointerScope()) {
        SavedFeatures.write(file, network, SavedFeatures.texts(data, making));
      }
      return network;
    }
  }

  static LabelledImages labelled(Batch batch) {
    return new LabelledImages(batch.pixels(), Tensors.of(batch.labels(), batch.labels().length));
  }
}
