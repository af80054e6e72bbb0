package io.mvq.cli;

import io.mvq.run.Pretrained;
import io.mvq.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Parameters;

/** The model that a command uses: a run's folder, or a pretrained one by its name. */
final class RunArgument {
  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "folder of a trained run, or a pretrained model such as emoji-2")
  private Path run;

  /** Does something with it; a pretrained model's files are there until then. */
  <T> T use(Pretrained.Use<T> make) throws IOException {
    return use(run, make);
  }

  /** The same with one that was named elsewhere. */
  static <T> T use(Path run, Pretrained.Use<T> make) throws IOException {
    if (run.getNameCount() > 1 || run.isAbsolute() || Files.exists(run)) {
      return make.of(new Run(run));
    }
    Set<String> names = Pretrained.names();
    if (!names.contains(run.toString())) {
      throw new IllegalArgumentException(
          String.format(
              "RUN must be a folder or a pretrained model (%s), there is no \"%s\"",
              names.isEmpty() ? "none is here" : String.join(", ", names), run));
    }
    return Pretrained.use(run.toString(), make);
  }

  /** A file in the run's folder; of a pretrained model, in the working folder. */
  Path file(String name) {
    return Files.isDirectory(run) ? run.resolve(name) : Path.of(name);
  }

  /** As it was given. */
  @Override
  public String toString() {
    return run.toString();
  }
}
