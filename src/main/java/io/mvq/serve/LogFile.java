package io.mvq.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.train.RunLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A {@code log.csv} that another process may be writing: each look reads what came since the last.
 * Half a line at the end waits for its other half, damaged lines are left out, and a file that was
 * replaced, as a resumed run does, is read anew.
 */
final class LogFile {
  private static final int CHUNK = 1 << 20;
  private static final int MOST_NAMES = 512;
  private static final int RECENT = 64; // logged steps that the speed is taken of

  private final Path csv;
  private final Map<String, Curve> curves = new LinkedHashMap<>();
  private final long[] recentSteps = new long[RECENT];
  private final double[] recentSeconds = new double[RECENT];
  private String edition = "";
  private Object file;
  private long position;
  private long modified;
  private long step;
  private double seconds;
  private int logged;

  LogFile(Path csv) {
    this.csv = csv;
  }

  /** Reads what is new. */
  synchronized void look() throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(csv, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      begin(null);
      return;
    }
    Object key = now.fileKey() == null ? now.creationTime() : now.fileKey();
    if (!key.equals(file) || now.size() < position) {
      begin(key);
    }
    modified = now.lastModifiedTime().toMillis();
    if (now.size() > position) {
      read();
    }
  }

  private void begin(Object key) {
    file = key;
    edition = Long.toHexString(ThreadLocalRandom.current().nextLong());
    curves.clear();
    position = 0;
    step = 0;
    seconds = 0;
    logged = 0;
  }

  private void read() throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    try (FileChannel in = FileChannel.open(csv)) {
      while (in.read(chunk.clear(), position) > 0) {
        int end = chunk.position();
        while (end > 0 && chunk.get(end - 1) != '\n') {
          end--;
        }
        if (end == 0 && chunk.hasRemaining()) {
          return; // half a line
        }
        int whole = end == 0 ? chunk.position() : end; // a line of a megabyte is none
        new String(chunk.array(), 0, whole, StandardCharsets.UTF_8).lines().forEach(this::add);
        position += whole;
      }
    }
  }

  private void add(String line) {
    RunLog.Row row = RunLog.row(line);
    if (row == null || curves.size() == MOST_NAMES && !curves.containsKey(row.name())) {
      return;
    }
    curves.computeIfAbsent(row.name(), name -> new Curve()).add(row.step(), row.value());
    step = Math.max(step, row.step());
    seconds = Math.max(seconds, row.seconds());
    if (row.name().equals("loss")) {
      recentSteps[logged % RECENT] = row.step();
      recentSeconds[logged++ % RECENT] = row.seconds();
    }
  }

  /** The last step that was logged; 0 if none was. */
  synchronized long step() {
    return step;
  }

  /** How far a stage is: its last step, the seconds until then, its speed of late. */
  synchronized void describe(long steps, int imagesPerStep, ObjectNode tree) {
    tree.put("step", step).put("steps", steps).put("seconds", seconds);
    tree.put("quiet", Math.max(0, System.currentTimeMillis() - modified) / 1000.0);
    int first = logged < RECENT ? 0 : logged % RECENT;
    int last = (logged + RECENT - 1) % RECENT;
    double took = logged < 2 ? 0 : recentSeconds[last] - recentSeconds[first];
    if (took > 0) {
      double speed = (recentSteps[last] - recentSteps[first]) / took;
      tree.put("imagesASecond", speed * imagesPerStep);
      tree.put("secondsLeft", Math.max(0, steps - step) / speed);
    }
  }

  /**
   * The curves from a step on.
   *
   * @param known the edition that the step is of; of another all is told
   * @param most points a curve
   */
  synchronized ObjectNode from(long since, String known, int most) {
    ObjectNode tree = Api.object();
    boolean same = edition.equals(known);
    tree.put("edition", edition).put("since", same ? since : 0).put("step", step);
    ObjectNode all = tree.putObject("curves");
    curves.forEach((name, curve) -> curve.from(same ? since : 0, most, all.putArray(name)));
    return tree;
  }
}
