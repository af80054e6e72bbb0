package io.mvq.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.run.Run;
import io.mvq.run.StagePlan;
import io.mvq.train.RunLog;
import io.mvq.train.RunPictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A run's folder that may be trained in by another process. */
final class Watched {
  private final Run run;
  private final Map<String, LogFile> logs = new LinkedHashMap<>();
  private List<StagePlan> stages = List.of();

  Watched(Path folder) {
    run = new Run(folder);
  }

  private synchronized List<StagePlan> stages() {
    try {
      stages = run.begun() && !run.isExported() ? StagePlan.of(run) : List.of();
    } catch (IOException e) {
      return stages; // being replaced, or damaged: as it was
    }
    return stages;
  }

  private synchronized LogFile log(StagePlan stage) {
    return logs.computeIfAbsent(
        stage.name(), name -> new LogFile(stage.folder().resolve(RunLog.CSV)));
  }

  /** How far its stages are, those that were begun. */
  void describe(ArrayNode all) throws IOException {
    for (StagePlan stage : stages()) {
      LogFile log = log(stage);
      log.look();
      if (log.step() > 0) {
        ObjectNode tree = all.addObject().put("name", stage.name());
        log.describe(stage.steps(), stage.imagesPerStep(), tree);
        ObjectNode pictures = tree.putObject("pictures");
        Map<String, ArrayNode> byName = new TreeMap<>();
        for (RunPictures.Picture picture : new RunPictures(stage.folder()).all()) {
          byName.computeIfAbsent(picture.name(), pictures::putArray).add(picture.step());
        }
      }
    }
  }

  /** A stage's curves from a step on. */
  ObjectNode curves(String stage, long since, String edition, int most) throws IOException {
    LogFile log = log(stage(stage));
    log.look();
    return log.from(since, edition, most);
  }

  /** The file of a stage's picture. */
  Path picture(String stage, String name, long step) throws IOException {
    return new RunPictures(stage(stage).folder())
        .all().stream()
            .filter(picture -> picture.step() == step && picture.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new Refusal(404, "there is no such picture of step %d", step))
            .file();
  }

  private StagePlan stage(String name) {
    return stages().stream()
        .filter(stage -> stage.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new Refusal(404, "this run has no such stage"));
  }
}
