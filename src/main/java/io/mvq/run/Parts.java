package io.mvq.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Device;

/** The trained parts of a model: a run's checkpoints, or what was exported of them. */
public interface Parts {
  /** Where they are, for errors. */
  Path folder();

  /** The autoencoder. @throws IOException if none is trained, or it is damaged */
  Part autoencoder() throws IOException;

  /** The prior; null if none is trained. */
  Part prior() throws IOException;

  /** The mask prior; null if none is trained. */
  Part masks() throws IOException;

  /** Names of the images' classes, in the order of the labels. */
  List<String> classes() throws IOException;

  /** The model made of them, on a device. */
  default TrainedModel model(Device device) throws IOException {
    return new RunLoader(this).load(device);
  }
}
