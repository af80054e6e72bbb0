package io.mvq.train;

import io.mvq.files.OutputFile;
import java.awt.image.BufferedImage;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a stage of a run measured, in its folder: {@code log.csv} (one line a value: step, seconds,
 * name, value), {@link RunPictures} and a TensorBoard event file, which has both. Every call
 * reaches the disk; other processes may read.
 */
public final class RunLog implements Closeable {
  /** The table's file in a run's folder. */
  public static final String CSV = "log.csv";

  private static final String HEADER = "step,seconds,name,value";

  private static final Logger log = LoggerFactory.getLogger(RunLog.class);

  private final BufferedWriter csv;
  private final EventFile events;
  private final RunPictures pictures;
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
   * so that no step is logged twice, and what is damaged, whatever it is; 0 starts an empty log.
   */
  public RunLog(Path folder, long resumedStep) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(CSV);
    List<Row> kept = resumedStep > 0 && Files.exists(file) ? mended(file, resumedStep) : List.of();
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    kept.forEach(row -> text.append(line(row)).append('\n'));
    OutputFile.write(file, text.toString());
    secondsBefore = kept.isEmpty() ? 0 : kept.get(kept.size() - 1).seconds();
    csv = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    events = new EventFile(folder, resumedStep);
    pictures = new RunPictures(folder);
    pictures.forgetAfter(resumedStep);
  }

  private static List<Row> mended(Path file, long lastStep) throws IOException {
    List<Row> rows = read(file);
    if (isDamaged(file)) {
      log.warn("{} is damaged: {} rows of it are whole and kept", file, rows.size());
    }
    return rows.stream().filter(row -> row.step() <= lastStep).toList();
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

  /** Logs a picture, as a file of its own too. @param name without a slash */
  public void image(long step, String name, BufferedImage image) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      if (!ImageIO.write(image, "png", png)) {
        throw new IOException("this image cannot be written as PNG: " + image);
      }
      events.png(step, name, image.getHeight(), image.getWidth(), png.toByteArray());
      events.flush();
      pictures.write(step, name, png.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the run's log", e);
    }
  }

  /**
   * The rows of a {@code log.csv}. Lines that are none, as a crash or a bad disk leaves them, are
   * left out: a log is for people and must stop nobody.
   */
  public static List<Row> read(Path csv) throws IOException {
    List<Row> rows = new ArrayList<>();
    lines(csv).stream().map(RunLog::row).filter(Objects::nonNull).forEach(rows::add);
    return rows;
  }

  /** Whether it is more or less than the header and rows, a cut last line aside. */
  public static boolean isDamaged(Path csv) throws IOException {
    List<String> lines = lines(csv);
    return lines.isEmpty()
        || !lines.get(0).equals(HEADER)
        || lines.stream().skip(1).anyMatch(line -> row(line) == null);
  }

  /** Bytes that are no UTF-8 become U+FFFD, which no row has; a cut last line is none. */
  private static List<String> lines(Path csv) throws IOException {
    String text = new String(Files.readAllBytes(csv), StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /** One line of the table; null if it is none. */
  public static Row row(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != 4 || line.indexOf('\ufffd') >= 0) {
      return null;
    }
    try {
      return new Row(
          Long.parseLong(cells[0]),
          Double.parseDouble(cells[1]),
          cells[2],
          Double.parseDouble(cells[3]));
    } catch (NumberFormatException e) {
      return null;
    }
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
