package io.mvq.run;

import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Which autoencoder it is: what is made with one is of no use to another.
 *
 * @param digest the first 16 hexadecimal digits of the SHA-256 of its {@code model.safetensors}
 */
public record Identity(String digest) {
  private static final int DIGITS = 16;
  private static final String NOTE = "autoencoder";

  public Identity {
    if (!digest.matches("[0-9a-f]{16}")) {
      throw new IllegalArgumentException(
          "a model's identity must be 16 hexadecimal digits, got \"" + digest + "\"");
    }
  }

  /** Of a run's autoencoder as it is now; of an export, that of its run. */
  public static Identity of(Run run) throws IOException {
    if (run.isExported()) {
      return new Exported(run.folder()).config().identity();
    }
    String whole = Checkpoint.digest(Run.checkpoint(run.autoencoderFolder()));
    return new Identity(whole.substring(0, DIGITS));
  }

  /** For the checkpoint of what is trained on it. */
  Map<String, String> note() {
    return Map.of(NOTE, digest);
  }

  /**
   * Throws if a checkpoint names another autoencoder; one of an older mvq names none.
   *
   * @param what was trained, e.g. {@code prior}
   */
  void requireTrainedOn(Checkpoint checkpoint, String what, Path run) throws IOException {
    String other = checkpoint.notes().get(NOTE);
    if (other != null && !other.equals(digest)) {
      throw new IOException(
          String.format(
              "the %s in %s was trained on the autoencoder %s, the one there is %s; train it anew:"
                  + " mvq train --out %s --resume --retrain-prior",
              what, run, other, digest, run));
    }
  }

  @Override
  public String toString() {
    return digest;
  }
}
