package io.mvq.run;

import io.mvq.data.Augmentation;
import io.mvq.data.Batch;
import io.mvq.data.Batches;
import io.mvq.data.Dataset;
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

  private Features() {}

  /** Reads the classifier from the file, or trains it for so many steps and writes it there. */
  public static SmallClassifier of(Dataset data, Path file, int steps, long seed)
      throws IOException {
    ImageSource train = data.train();
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
        new Safetensors(network.weights(), Map.of(ACCURACY, Double.toString(network.accuracy())))
            .write(file);
      }
      return network;
    }
  }

  private static LabelledImages labelled(Batch batch) {
    return new LabelledImages(batch.pixels(), Tensors.of(batch.labels(), batch.labels().length));
  }
}
