package io.mvq.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runs whose training is watched, from what it writes: curves, speed, pictures. Nothing here
 * waits for a model. Runs are asked for by their names in a list, which never become paths.
 */
public final class Trainings {
  /** None: a model alone. */
  public static final Trainings NONE = new Trainings(List.of());

  private static final int MOST_POINTS = 800;

  private final List<Path> places;
  private final Map<Path, Watched> watched = new ConcurrentHashMap<>();

  /**
   * Those in folders.
   *
   * @param places runs, begun or not, or folders with runs at most two folders below
   */
  public Trainings(List<Path> places) {
    this.places = List.copyOf(places);
  }

  /** The runs that folders are or hold now; of a folder without any, that folder. */
  public static List<Path> runs(List<Path> places) {
    return List.copyOf(RunFolders.under(places).values());
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  /** Every run and how far its stages are. */
  ObjectNode list() throws IOException {
    ObjectNode tree = Api.object();
    ArrayNode all = tree.putArray("runs");
    for (Map.Entry<String, Path> run : RunFolders.under(places).entrySet()) {
      ObjectNode one = all.addObject().put("name", run.getKey());
      of(run.getValue()).describe(one.putArray("stages"));
    }
    return tree;
  }

  private Watched of(Path folder) {
    return watched.computeIfAbsent(folder, Watched::new);
  }

  /** A stage's curves from a step on. */
  Answer log(Request request) throws IOException {
    request.allow("run", "stage", "since", "edition");
    long since = request.whole("since", 0);
    return Answer.json(
        run(request).curves(request.text("stage"), since, request.text("edition"), MOST_POINTS));
  }

  /** A picture as it was drawn. */
  Answer picture(Request request) throws IOException {
    request.allow("run", "stage", "name", "step");
    long step = request.whole("step", 0);
    Path file = run(request).picture(request.text("stage"), request.text("name"), step);
    try {
      return Answer.of("image/png", Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new Refusal(404, "that picture is gone: the run was begun anew");
    }
  }

  private Watched run(Request request) {
    String name = request.text("run");
    Path folder = name == null ? null : RunFolders.under(places).get(name);
    if (folder == null) {
      throw new Refusal(404, "there is no run \"%s\"", Request.shown(String.valueOf(name)));
    }
    return of(folder);
  }
}
