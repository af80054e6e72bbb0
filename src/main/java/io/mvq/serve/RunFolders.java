package io.mvq.serve;

import io.mvq.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs by name: folders that were named, or runs at most two folders below them. */
final class RunFolders {
  private static final int MOST = 256;
  private static final int DEPTH = 2;

  private RunFolders() {}

  /** As they are now; a folder that holds none yet stands for the run that will be begun there. */
  static Map<String, Path> under(List<Path> places) {
    Map<String, Path> runs = new LinkedHashMap<>();
    for (Path place : places) {
      Path whole = place.toAbsolutePath().normalize();
      String name = String.valueOf(whole.getFileName() == null ? whole : whole.getFileName());
      Map<String, Path> found = new LinkedHashMap<>();
      add(whole, "", DEPTH, found);
      if (found.isEmpty()) {
        found.put("", whole);
      }
      found.forEach(
          (below, folder) -> {
            String shown = below.isEmpty() ? name : places.size() > 1 ? name + "/" + below : below;
            runs.put(runs.containsKey(shown) ? folder.toString() : shown, folder);
          });
    }
    return runs;
  }

  private static void add(Path folder, String name, int depth, Map<String, Path> found) {
    if (found.size() >= MOST) {
      return;
    }
    if (new Run(folder).begun()) {
      found.put(name, folder);
    } else if (depth > 0 && Files.isDirectory(folder)) {
      for (Path child : folders(folder)) {
        String below = child.getFileName().toString();
        add(child, name.isEmpty() ? below : name + "/" + below, depth - 1, found);
      }
    }
  }

  private static List<Path> folders(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      return List.of(); // gone, or not ours to read
    }
  }
}
