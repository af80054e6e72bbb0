package io.mvq.run;

import io.mvq.files.Manifest;
import io.mvq.files.Manifest.State;
import io.mvq.train.Checkpoint;
import io.mvq.train.RunLog;
import io.mvq.train.SealedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What of a run is whole: its checkpoints' files against their checksums, and the files that carry
 * their own.
 *
 * @param findings a file each, in the order of their paths below the run
 */
public record Verification(List<Finding> findings) {
  private static final Set<String> SEALED = Set.of("features.safetensors", Looks.FILE);

  /**
   * What became of a file.
   *
   * @param file its path below the run, with forward slashes
   * @param isWanted whether the run needs it whole
   * @param remedy what to do about it; empty for nothing
   */
  public record Finding(String file, State state, boolean isWanted, String remedy) {
    boolean isWhole() {
      return state == State.WHOLE || !isWanted;
    }
  }

  /** Looks through a run. @throws IOException if it is none, or cannot be read */
  public static Verification of(Run run) throws IOException {
    if (run.isExported()) {
      return exported(run);
    }
    if (!run.begun()) {
      throw new IOException(run.folder() + " holds no run");
    }
    Map<String, Finding> found = new TreeMap<>();
    Remedies remedies = new Remedies(run);
    add(found, recipe(run, remedies));
    add(found, images(run, remedies));
    for (Path stage : List.of(run.autoencoderFolder(), run.priorFolder(), run.masksFolder())) {
      for (Finding one : checkpoint(run, stage, remedies)) {
        add(found, one);
      }
    }
    for (Path file : files(run.folder())) {
      String name = name(run, file);
      if (!found.containsKey(name) && !file.endsWith(Manifest.FILE)) {
        add(found, other(file, name, remedies));
      }
    }
    return new Verification(List.copyOf(found.values()));
  }

  /** An export's weights carry their checksum; its other files are for people. */
  private static Verification exported(Run run) throws IOException {
    Map<String, Finding> found = new TreeMap<>();
    for (Path file : files(run.folder())) {
      add(found, new Finding(name(run, file), State.UNLISTED, false, ""));
    }
    Exported export = new Exported(run.folder());
    try {
      export.weights();
      add(found, new Finding(Exported.WEIGHTS, State.WHOLE, true, ""));
    } catch (IOException e) {
      add(found, new Finding(Exported.WEIGHTS, State.CHANGED, true, e.getMessage()));
    }
    return new Verification(List.copyOf(found.values()));
  }

  /** Whether every file that the run needs is there as it was written. */
  public boolean isWhole() {
    return findings.stream().allMatch(Finding::isWhole);
  }

  private static void add(Map<String, Finding> found, Finding one) {
    if (one != null) {
      found.put(one.file(), one);
    }
  }

  /** Against the one that the checkpoint lists; null where an older mvq kept none. */
  private static Finding recipe(Run run, Remedies remedies) throws IOException {
    Path file = run.recipeFile();
    String name = name(run, file);
    Path noted = Checkpoint.place(Run.checkpoint(run.autoencoderFolder())).resolve("recipe.json");
    if (!Files.exists(file)) {
      return isListed(noted) ? new Finding(name, State.MISSING, true, remedies.recipe()) : null;
    }
    try {
      run.recipe();
    } catch (IOException e) {
      return new Finding(name, State.CHANGED, true, remedies.recipe());
    }
    boolean same = !Files.exists(noted) || Files.mismatch(file, noted) < 0;
    return new Finding(
        name,
        same ? State.WHOLE : State.CHANGED,
        true,
        same ? "" : "edited since; --resume goes on with it");
  }

  private static boolean isListed(Path file) {
    return Files.exists(file) && Files.exists(file.resolveSibling(Manifest.FILE));
  }

  private static Finding images(Run run, Remedies remedies) {
    if (!Files.exists(run.folder().resolve(DataFacts.FILE))) {
      return null; // an older mvq's run
    }
    try {
      run.dataFacts();
      return new Finding(DataFacts.FILE, State.WHOLE, true, "");
    } catch (IOException e) {
      return new Finding(DataFacts.FILE, State.CHANGED, true, remedies.images());
    }
  }

  private static List<Finding> checkpoint(Run run, Path stage, Remedies remedies)
      throws IOException {
    Path folder = Checkpoint.place(Run.checkpoint(stage));
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Map<String, State> states = new LinkedHashMap<>();
    boolean hasList = Files.exists(folder.resolve(Manifest.FILE));
    try {
      if (hasList) {
        states.putAll(Manifest.read(folder).verify(folder));
        states.put(Manifest.FILE, State.WHOLE);
      }
    } catch (IOException e) {
      states.put(Manifest.FILE, State.CHANGED);
    }
    for (Path file : files(folder)) {
      states.putIfAbsent(file.getFileName().toString(), State.UNLISTED);
    }
    String stranger = stranger(run, stage, states);
    List<Finding> findings = new ArrayList<>();
    for (var one : states.entrySet()) {
      String remedy =
          one.getValue() == State.WHOLE
              ? ""
              : remedies.checkpoint(stage, one.getKey(), one.getValue(), hasList);
      boolean isWanted = one.getValue() != State.UNLISTED || Remedies.isOfCheckpoint(one.getKey());
      String name = name(run, folder.resolve(one.getKey()));
      findings.add(
          stranger != null && one.getKey().equals(Remedies.MODEL)
              ? new Finding(name, State.CHANGED, true, stranger)
              : new Finding(name, one.getValue(), isWanted, remedy));
    }
    return findings;
  }

  /** What is wrong with a whole prior of another autoencoder; null if nothing is. */
  private static String stranger(Run run, Path stage, Map<String, State> states) {
    if (stage.equals(run.autoencoderFolder())
        || states.values().stream().anyMatch(state -> state != State.WHOLE)) {
      return null;
    }
    try {
      Checkpoint prior = Checkpoint.read(Run.checkpoint(stage));
      Identity.of(run).requireTrainedOn(prior, "prior", run.folder());
      return null;
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /** Logs, and what was made of the run. */
  private static Finding other(Path file, String name, Remedies remedies) throws IOException {
    String last = file.getFileName().toString();
    if (SEALED.contains(last)) {
      try {
        boolean sealed = SealedTensors.read(file).metadata().containsKey(SealedTensors.SEAL);
        return sealed
            ? new Finding(name, State.WHOLE, true, "")
            : new Finding(name, State.UNLISTED, false, "an older mvq wrote no checksum into it");
      } catch (IOException e) {
        return new Finding(name, State.CHANGED, true, remedies.sealed(last));
      }
    }
    if (last.equals(RunLog.CSV) && RunLog.isDamaged(file)) {
      return new Finding(name, State.CHANGED, true, remedies.log());
    }
    return new Finding(name, State.UNLISTED, false, "");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String name(Run run, Path file) {
    return run.folder()
        .toAbsolutePath()
        .relativize(file.toAbsolutePath())
        .toString()
        .replace('\\', '/');
  }
}
