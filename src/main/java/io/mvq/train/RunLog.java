package io.mvq.train;

import java.awt.image.BufferedImage;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * What a run measured, in its folder: {@code log.csv} (one line a value: step, seconds, name,
 * value) and a TensorBoard event file, which also takes images. Every call reaches the disk.
 */
public final class RunLog implements Closeable {
  /** The table's file in a run's folder. */
  public static final String CSV = "log.csv";

  private static final String HEADER = "step,seconds,name,value";

  private final BufferedWriter csv;
  private final EventFile events;
  private final double secondsBefore;
  private final long start = System.nanoTime();

  /**
   * One line of the table.
   *
   * @param seconds of training until then, pauses between resumed runs not counted
   */
  public record Row(long step, double seconds, String name, double value) {}

  /**
   * Opens the log of a run's folder. What a resumed run wrote after {@code resumedStep} is removed,
   * so that no step is logged twice; 0 starts an empty log.
   */
  public RunLog(Path folder, long resumedStep) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(CSV);
    List<Row> kept =
        resumedStep > 0 && Files.exists(file)
            ? read(file).stream().filter(row -> row.step() <= resumedStep).toList()
            : List.of();
    Path fresh = folder.resolve(CSV + ".new");
    List<String> lines = new ArrayList<>(List.of(HEADER));
    kept.forEach(row -> lines.add(line(row)));
    Files.write(fresh, lines);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    secondsBefore = kept.isEmpty() ? 0 : kept.get(kept.size() - 1).seconds();
    csv = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    events = new EventFile(folder, resumedStep);
  }

  /** Logs values of one step by name, e.g. {@code loss/commitment}. */
  public void scalars(long step, Map<String, Double> values) {
    double seconds = secondsBefore + (System.nanoTime() - start) / 1e9;
    try {
      for (var named : values.entrySet()) {
        csv.write(line(new Row(step, seconds, named.getKey(), named.getValue())));
        csv.newLine();
        events.scalar(step, named.getKey(), named.getValue());
      }
      csv.flush();
      events.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the run's log", e);
    }
  }

  /** Logs one value. */
  public void scalar(long step, String name, double value) {
    scalars(step, Map.of(name, value));
  }

  /** Logs a step's losses, learning rate and gradient norm; fits {@link Trainer#every}. */
  public void report(StepReport report) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", report.loss());
    report.parts().forEach((name, value) -> values.put("loss/" + name, value));
    values.put("learningRate", report.learningRate());
    values.put("gradientNorm", report.gradientNorm());
    scalars(report.step(), values);
  }

  /** Logs a picture, to TensorBoard only. */
  public void image(long step, String name, BufferedImage image) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      if (!ImageIO.write(image, "png", png)) {
        throw new IOException("this image cannot be written as PNG: " + image);
      }
      events.png(step, name, image.getHeight(), image.getWidth(), png.toByteArray());
      events.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the run's log", e);
    }
  }

  /** The rows of a {@code log.csv}; a last line cut short by a crash is left out. */
  public static List<Row> read(Path csv) throws IOException {
    String text = Files.readString(csv);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IOException(csv + " is not a run's log: its first line must be " + HEADER);
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(",", -1);
      try {
        if (cells.length != 4) {
          throw new NumberFormatException(cells.length + " cells");
        }
        rows.add(
            new Row(
                Long.parseLong(cells[0]),
                Double.parseDouble(cells[1]),
                cells[2],
                Double.parseDouble(cells[3])));
      } catch (NumberFormatException e) {
        throw new IOException(csv + ", line " + (i + 1) + " is damaged: " + lines.get(i), e);
      }
    }
    return rows;
  }

  private static String line(Row row) {
    if (row.name().matches("(?s).*[,\\r\\n].*")) {
      throw new IllegalArgumentException(
          "a logged name must have no comma or line break, got " + row.name());
    }
    double seconds = Math.rint(row.seconds() * 1000) / 1000;
    return row.step() + "," + seconds + "," + row.name() + "," + row.value();
  }

  @Override
  public void close() throws IOException {
    try (csv;
        events) {
      csv.flush();
    }
  }
}
