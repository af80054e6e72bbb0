package io.mvq.train;

import io.mvq.files.Disk;
import io.mvq.files.FileFault;
import io.mvq.files.Manifest;
import io.mvq.files.OutputFile;
import io.mvq.files.TextFile;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A run's state in a folder: {@code model.safetensors} (parameters, buffers, averaged weights),
 * {@code training.safetensors} (optimizer, random generator, the step's own state; needed only to
 * resume), {@code recipe.json} and the checksums of all; those of tensors are checked when it is
 * read, a recipe may be edited. Nothing in it is ever run. A failed write leaves the previous
 * checkpoint as it was.
 *
 * @param recipe of the run, as JSON that means nothing here
 * @param step optimizer steps done
 * @param notes short texts by name, kept with the weights; they mean nothing here
 * @param weights the module's parameters and buffers by name
 * @param average averaged parameters by name; empty if the run keeps none
 * @param training what else resuming needs; empty if {@code training.safetensors} was removed
 */
public record Checkpoint(
    String recipe,
    long step,
    Map<String, String> notes,
    Map<String, Tensor> weights,
    Map<String, Tensor> average,
    Map<String, Tensor> training) {
  /** 1 kept the optimizer as a TorchScript archive, 2 keeps it as tensors. */
  private static final int FORMAT = 2;

  /** The first format whose files have checksums. */
  private static final int SEALED = 2;

  /** The archive in a checkpoint of format 1; a player's under its name. */
  static final String ARCHIVE = "optimizer";

  private static final String FORMAT_TEXT = "mvq_format";
  private static final String STEP_TEXT = "step";
  private static final String AVERAGE = "average/";
  private static final String MODEL_FILE = "model.safetensors";
  private static final String TRAINING_FILE = "training.safetensors";
  private static final String RECIPE_FILE = "recipe.json";

  /** Without notes. */
  public Checkpoint(
      String recipe,
      long step,
      Map<String, Tensor> weights,
      Map<String, Tensor> average,
      Map<String, Tensor> training) {
    this(recipe, step, Map.of(), weights, average, training);
  }

  /** Replaces the folder's checkpoint by this one, atomically. */
  public void write(Path folder) throws IOException {
    write(folder, Disk.REAL);
  }

  /** The same by other system calls. */
  void write(Path folder, Disk disk) throws IOException {
    try {
      AtomicFolder.replace(folder, fresh -> writeFiles(fresh, disk), disk);
    } catch (IOException e) {
      throw new IOException(
          "could not write the checkpoint of step "
              + step
              + " to "
              + folder
              + " (an earlier one there is unharmed): "
              + FileFault.text(e),
          e);
    }
  }

  private void writeFiles(Path folder, Disk disk) throws IOException {
    Map<String, String> texts = new TreeMap<>(); // equal weights give equal bytes
    texts.put(FORMAT_TEXT, Integer.toString(FORMAT));
    texts.put(STEP_TEXT, Long.toString(step));
    Map<String, String> noted = new TreeMap<>(notes);
    noted.putAll(texts);
    Map<String, Tensor> model = new LinkedHashMap<>(weights);
    average.forEach((name, tensor) -> model.put(AVERAGE + name, tensor));
    new Safetensors(model, noted).write(folder.resolve(MODEL_FILE), disk);
    new Safetensors(new TreeMap<>(training), texts).write(folder.resolve(TRAINING_FILE), disk);
    OutputFile.write(folder.resolve(RECIPE_FILE), recipe, disk);
    Manifest.seal(folder, disk);
  }

  /** Whether a checkpoint was ever completed there. */
  public static boolean exists(Path folder) {
    return Files.exists(AtomicFolder.current(folder).resolve(MODEL_FILE));
  }

  /** The folder that holds it now: another one while a crashed replacement waits to be undone. */
  public static Path place(Path folder) {
    return AtomicFolder.current(folder);
  }

  /**
   * SHA-256 of {@code model.safetensors}, in hexadecimal: which weights these are. As listed, which
   * reading checks; computed where an older checkpoint lists nothing.
   */
  public static String digest(Path folder) throws IOException {
    Path place = place(folder);
    Path modelFile = place.resolve(MODEL_FILE);
    if (!Files.exists(place.resolve(Manifest.FILE))) {
      return Manifest.sha256(modelFile);
    }
    String listed = Manifest.read(place).digests().get(MODEL_FILE);
    return listed == null ? Manifest.sha256(modelFile) : listed;
  }

  /** Reads a checkpoint; an error names the file and what is wrong with it. */
  public static Checkpoint read(Path folder) throws IOException {
    Path place = AtomicFolder.current(folder);
    Path recipeFile = place.resolve(RECIPE_FILE);
    Path modelFile = place.resolve(MODEL_FILE);
    if (!Files.exists(recipeFile) || !Files.exists(modelFile)) {
      throw new IOException(
          folder + " is not a checkpoint: it has no " + MODEL_FILE + " with a " + RECIPE_FILE);
    }
    Manifest manifest = Files.exists(place.resolve(Manifest.FILE)) ? Manifest.read(place) : null;
    if (manifest != null) {
      manifest.require(modelFile);
    }
    String recipe = TextFile.read(recipeFile);
    Safetensors model = Safetensors.read(modelFile);
    long step = step(model, modelFile);
    if (manifest == null && format(model, modelFile) >= SEALED) {
      Manifest.read(place);
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Tensor> average = new LinkedHashMap<>();
    model
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(AVERAGE)) {
                average.put(name.substring(AVERAGE.length()), tensor);
              } else {
                weights.put(name, tensor);
              }
            });
    Path trainingFile = place.resolve(TRAINING_FILE);
    Map<String, Tensor> training = Map.of();
    if (Files.exists(trainingFile)) {
      if (manifest != null) {
        manifest.require(trainingFile);
      }
      Safetensors state = Safetensors.read(trainingFile);
      if (step(state, trainingFile) != step) {
        throw new IOException(
            trainingFile
                + " is of step "
                + step(state, trainingFile)
                + ", "
                + MODEL_FILE
                + " of step "
                + step
                + ": they are not of one checkpoint");
      }
      training = state.tensors();
    }
    Map<String, String> notes = new TreeMap<>(model.metadata());
    notes.keySet().removeAll(List.of(FORMAT_TEXT, STEP_TEXT));
    return new Checkpoint(recipe, step, notes, weights, average, training);
  }

  private static int format(Safetensors file, Path path) throws IOException {
    try {
      int format = Integer.parseInt(file.metadata().getOrDefault(FORMAT_TEXT, "0"));
      if (format < 1) {
        throw new IOException(path + " was not written by mvq: it names no mvq_format");
      }
      if (format > FORMAT) {
        throw new IOException(
            path
                + " has format "
                + format
                + ", newer than the "
                + FORMAT
                + " this program reads; update mvq");
      }
      return format;
    } catch (NumberFormatException e) {
      throw damaged(file, path, e);
    }
  }

  private static long step(Safetensors file, Path path) throws IOException {
    format(file, path);
    try {
      return Long.parseLong(file.metadata().getOrDefault(STEP_TEXT, ""));
    } catch (NumberFormatException e) {
      throw damaged(file, path, e);
    }
  }

  private static IOException damaged(Safetensors file, Path path, NumberFormatException e) {
    return new IOException(path + " has a damaged mvq_format or step: " + file.metadata(), e);
  }

  /** Copies the weights as trained into a module that has the same names and shapes. */
  public void load(Module module) {
    copy(weights, Parameters.all(module), "the checkpoint");
  }

  /** Like {@link #load}, with the averaged weights where the run kept them: for evaluation. */
  public void loadForUse(Module module) {
    copy(weightsForUse(), Parameters.all(module), "the checkpoint");
  }

  /** The weights, averaged where the run kept that. */
  public Map<String, Tensor> weightsForUse() {
    Map<String, Tensor> chosen = new LinkedHashMap<>(weights);
    chosen.putAll(average);
    return chosen;
  }

  /**
   * Copies every tensor, or none if a name or shape differs.
   *
   * @param source of {@code from}, for errors
   */
  public static void copy(Map<String, Tensor> from, Map<String, Tensor> into, String source) {
    for (String name : from.keySet()) {
      if (!into.containsKey(name)) {
        throw new IllegalArgumentException(
            source + " has " + name + ", which this model lacks; was it made by another recipe?");
      }
    }
    into.forEach(
        (name, tensor) -> {
          if (!from.containsKey(name)) {
            throw new IllegalArgumentException(
                source + " lacks " + name + "; was it made by another recipe?");
          }
          Shapes.require(from.get(name), source + "'s " + name, Shapes.of(tensor));
        });
    try (NoGradGuard guard = new NoGradGuard()) {
      into.forEach((name, tensor) -> tensor.copy_(from.get(name)));
    }
  }
}
