package io.mvq.run;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.metric.SmallClassifier;
import io.mvq.train.Safetensors;
import io.mvq.train.SealedTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** A classifier in a file, which says how it was made. */
record SavedFeatures(Path file, Safetensors saved) {
  private static final String ACCURACY = "accuracy";
  private static final String IMAGES = "images";
  private static final String ALL = "all";
  private static final String STEPS = "feature-steps";

  /** What a file must say to be of this making. */
  static Map<String, String> texts(Dataset data, Features.Making making) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(STEPS, Integer.toString(making.steps()));
    texts.put("seed", Long.toString(making.seed()));
    texts.put(IMAGES, making.half() ? "half" : ALL);
    texts.put("set", data.digest().substring(0, 16));
    texts.put("side", Integer.toString(data.train().side()));
    texts.put("channels", Integer.toString(data.train().channels()));
    return texts;
  }

  static void write(Path file, SmallClassifier network, Map<String, String> making)
      throws IOException {
    Map<String, String> texts = new LinkedHashMap<>(making);
    texts.put(ACCURACY, Double.toString(network.accuracy()));
    SealedTensors.write(file, network.weights(), texts);
  }

  static SavedFeatures read(Path file) throws IOException {
    Safetensors saved = SealedTensors.read(file);
    if (!saved.metadata().containsKey(ACCURACY)) {
      throw new IOException(file + " is no feature network of mvq's: it names no accuracy");
    }
    if (saved.metadata().containsKey(STEPS) && !saved.metadata().containsKey(SealedTensors.SEAL)) {
      throw new IOException(file + " is damaged: the SHA-256 of its tensors is gone");
    }
    return new SavedFeatures(file, saved);
  }

  /**
   * How it differs from what is wanted; null if it does not.
   *
   * @param trusting whether one of an older mvq, which says only which images it saw, will do
   */
  String difference(Map<String, String> wanted, boolean trusting) {
    Map<String, String> found = new LinkedHashMap<>(saved.metadata());
    found.putIfAbsent(IMAGES, ALL);
    boolean older = !found.containsKey(STEPS);
    if (older && !trusting) {
      return "an older mvq wrote it, which did not say how";
    }
    for (var want : wanted.entrySet()) {
      String have = found.get(want.getKey());
      boolean unsaid = older && have == null;
      if (!unsaid && !want.getValue().equals(have)) {
        return String.format("its %s is %s, not %s", want.getKey(), have, want.getValue());
      }
    }
    return null;
  }

  /** The network, for images like these. */
  SmallClassifier network(String name, ImageSource images) throws IOException {
    return network(name, images.channels(), images.classes().size());
  }

  /** The same for images like those it was made for. */
  SmallClassifier network(String name) throws IOException {
    Tensor first = saved.tensors().get("convolution0.weight");
    Tensor last = saved.tensors().get("last.weight");
    if (first == null || last == null || first.dim() != 4 || last.dim() != 2 || last.size(0) < 2) {
      throw new IOException(file + " holds no classifier; it has " + saved.tensors().keySet());
    }
    return network(name, (int) first.size(1), (int) last.size(0));
  }

  private SmallClassifier network(String name, int channels, int classes) throws IOException {
    SmallClassifier network = new SmallClassifier(name, channels, classes);
    try {
      network.load(saved.tensors(), Double.parseDouble(saved.metadata().get(ACCURACY)));
    } catch (IllegalArgumentException e) { // also a number that is none
      throw new IOException(file + " does not fit these images: " + e.getMessage(), e);
    }
    return network;
  }
}
