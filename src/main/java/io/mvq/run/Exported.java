package io.mvq.run;

import io.mvq.train.Safetensors;
import io.mvq.train.SealedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * A folder for inference alone that was made of a run: {@code config.json} and {@code
 * model.safetensors}, whose tensors have the names of their module below that of their part.
 */
public final class Exported implements Parts {
  /** The weights in the folder. */
  public static final String WEIGHTS = "model.safetensors";

  /** The text in the weights' file by which it belongs to its {@code config.json}. */
  private static final String IDENTITY = "mvq_identity";

  private static final String AUTOENCODER = "autoencoder.";
  private static final String PRIOR = "prior.";
  private static final String MASKS = "masks.";

  private final Path folder;
  private Safetensors read;

  /** Of a folder; nothing is read yet. */
  public Exported(Path folder) {
    this.folder = folder;
  }

  @Override
  public Path folder() {
    return folder;
  }

  /** Whether a folder looks like one, of mvq or of another kind of model. */
  public static boolean isThere(Path folder) {
    return Files.isRegularFile(folder.resolve(ExportConfig.FILE))
        && Files.isRegularFile(folder.resolve(WEIGHTS));
  }

  /** What it says of its model. */
  public ExportConfig config() throws IOException {
    return ExportConfig.read(folder.resolve(ExportConfig.FILE));
  }

  /**
   * Writes the weights of a model's parts.
   *
   * @param parts by their names, {@code autoencoder}, {@code prior} and {@code masks}
   */
  public static void writeWeights(Path folder, Identity identity, Map<String, Part> parts)
      throws IOException {
    Map<String, Tensor> all = new TreeMap<>();
    parts.forEach(
        (name, part) ->
            part.weights()
                .forEach(
                    (own, tensor) -> {
                      if (!Part.isForTraining(own)) {
                        all.put(name + "." + own, tensor);
                      }
                    }));
    // Hugging Face's own reader wants to know the format.
    Map<String, String> texts = Map.of("format", "pt", IDENTITY, identity.digest());
    SealedTensors.write(folder.resolve(WEIGHTS), all, texts);
  }

  @Override
  public Part autoencoder() throws IOException {
    return part(AUTOENCODER, config().steps().autoencoder());
  }

  @Override
  public Part prior() throws IOException {
    return optional(PRIOR, config().steps().prior());
  }

  @Override
  public Part masks() throws IOException {
    return optional(MASKS, config().steps().masks());
  }

  @Override
  public List<String> classes() throws IOException {
    return config().data().classes();
  }

  private Part optional(String prefix, long steps) throws IOException {
    return steps == 0 ? null : part(prefix, steps);
  }

  private Part part(String prefix, long steps) throws IOException {
    Path file = folder.resolve(WEIGHTS);
    ExportConfig config = config();
    Map<String, Tensor> own = new LinkedHashMap<>();
    weights()
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)) {
                own.put(name.substring(prefix.length()), tensor);
              }
            });
    return new Part(config.recipe(), steps, own, file.toString());
  }

  /** The weights as they were sealed, read once. */
  public synchronized Safetensors weights() throws IOException {
    if (read == null) {
      read = checked();
    }
    return read;
  }

  private Safetensors checked() throws IOException {
    Path file = folder.resolve(WEIGHTS);
    Safetensors found = SealedTensors.read(file);
    if (!found.metadata().containsKey(SealedTensors.SEAL)) {
      throw new IOException(file + " is damaged: the SHA-256 of its tensors is gone");
    }
    String identity = found.metadata().get(IDENTITY);
    String named = config().identity().digest();
    if (!named.equals(identity)) {
      throw new IOException(
          String.format(
              "%s is of the model %s, %s beside it of %s: they are not of one export",
              file, identity, ExportConfig.FILE, named));
    }
    return found;
  }
}
