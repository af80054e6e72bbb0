package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
  @TempDir Path folder;

  private static StepReport report(long step, double loss) {
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("commitment", loss / 2);
    return new StepReport(step, loss, parts, 0.001, 3);
  }

  private Path csv() {
    return folder.resolve(RunLog.CSV);
  }

  @Test
  void reportsAreReadBack() throws IOException {
    try (RunLog log = new RunLog(folder, 0)) {
      log.report(report(1, 0.5));
      log.scalar(1, "evaluation", Double.NaN);
    }
    List<RunLog.Row> rows = RunLog.read(csv());
    assertThat(rows.stream().map(RunLog.Row::name))
        .containsExactly("loss", "loss/commitment", "learningRate", "gradientNorm", "evaluation");
    assertThat(rows.stream().map(RunLog.Row::value))
        .containsExactly(0.5, 0.25, 0.001, 3.0, Double.NaN);
  }

  @Test
  void aResumedLogForgetsWhatCameAfterTheCheckpoint() throws IOException {
    try (RunLog log = new RunLog(folder, 0)) {
      for (int step = 1; step <= 4; step++) {
        log.scalar(step, "loss", step);
      }
    }
    Files.writeString(csv(), "5,1.0,lo", StandardOpenOption.APPEND); // a crash cut this line
    try (RunLog log = new RunLog(folder, 2)) {
      log.scalar(3, "loss", 33);
    }
    assertThat(RunLog.read(csv()).stream().map(row -> row.step() + " " + row.value()))
        .containsExactly("1 1.0", "2 2.0", "3 33.0");
    try (RunLog log = new RunLog(folder, 0)) {
      assertThat(RunLog.read(csv())).isEmpty();
    }
  }

  @Test
  void anEmptyCutForeignOrBrokenTableKeepsItsGoodLinesAndBlocksNothing() throws IOException {
    String header = "step,seconds,name,value\n";
    Map<String, List<String>> tables = new LinkedHashMap<>();
    tables.put("", List.of());
    tables.put("step,sec", List.of());
    tables.put("a,b\n1,2\n", List.of());
    tables.put(header + "1,0.1,loss,2.0\n2,0.1,loss,3", List.of("1 2.0"));
    tables.put(header + "1,0.1,loss,2.0\n1,x\n2,0.1,loss,3.0\n", List.of("1 2.0", "2 3.0"));
    tables.put(header + "1,0.1,loss,2.0\n2,0.1,lo\u00ff,5\n", List.of("1 2.0"));
    tables.put(header + "\u0000\u0000\n2,0.1,loss,5.0\n", List.of("2 5.0"));
    for (var table : tables.entrySet()) {
      Files.write(csv(), table.getKey().getBytes(StandardCharsets.ISO_8859_1)); // no UTF-8
      assertThat(rows()).as(table.getKey()).isEqualTo(table.getValue());
      try (RunLog log = new RunLog(folder, 2)) {
        log.scalar(3, "loss", 9);
      }
      List<String> and = new ArrayList<>(table.getValue());
      and.add("3 9.0");
      assertThat(rows()).isEqualTo(and);
      assertThat(RunLog.isDamaged(csv())).isFalse();
    }
    Files.writeString(csv(), header + "1,0.1,loss,2.0\n1,x\n");
    assertThat(RunLog.isDamaged(csv())).isTrue();
  }

  private List<String> rows() throws IOException {
    return RunLog.read(csv()).stream().map(row -> row.step() + " " + row.value()).toList();
  }

  @Test
  void aNameWithACommaIsRefused() throws IOException {
    try (RunLog log = new RunLog(folder, 0)) {
      assertThatThrownBy(() -> log.scalar(1, "a,b", 1))
          .hasMessage("a logged name must have no comma or line break, got a,b");
    }
  }

  @Test
  void theEventFileHoldsScalarsAndImages() throws IOException {
    BufferedImage image = new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB);
    image.setRGB(4, 2, 0x123456);
    try (RunLog log = new RunLog(folder, 300)) {
      log.scalar(301, "loss", 0.25);
      log.image(302, "pictures", image);
    }
    List<Map<Integer, Object>> events = events();
    assertThat(events).hasSize(4);
    assertThat(text(events.get(0).get(3))).isEqualTo("brain.Event:2");
    assertThat(events.get(1).get(2)).isEqualTo(301L); // TensorBoard forgets from here on
    assertThat(message(events.get(1).get(7)).get(1)).isEqualTo(1L);
    assertThat(events.get(2).get(2)).isEqualTo(301L);
    Map<Integer, Object> scalar = message(message(events.get(2).get(5)).get(1));
    assertThat(text(scalar.get(1))).isEqualTo("loss");
    assertThat(scalar.get(2)).isEqualTo(0.25f);
    Map<Integer, Object> picture = message(message(events.get(3).get(5)).get(1));
    Map<Integer, Object> encoded = message(picture.get(4));
    assertThat(List.of(encoded.get(1), encoded.get(2), encoded.get(3))).containsExactly(3L, 5L, 3L);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream((byte[]) encoded.get(4)));
    assertThat(read.getRGB(4, 2) & 0xffffff).isEqualTo(0x123456);
  }

  @Test
  void picturesAreFilesThatAResumedLogForgetsAsItForgetsRows() throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    try (RunLog log = new RunLog(folder, 0)) {
      for (long step : List.of(5, 500, 123456789)) {
        log.image(step, "samples", image);
      }
      log.image(5, "first-samples", image);
    }
    RunPictures pictures = new RunPictures(folder);
    Files.writeString(folder.resolve("pictures/mine-7.png"), "not of the log");
    assertThat(pictures.all().stream().map(one -> one.step() + " " + one.name()))
        .containsExactly("5 first-samples", "5 samples", "500 samples", "123456789 samples");
    assertThat(pictures.all().get(1).file())
        .isEqualTo(folder.resolve("pictures/samples-00000005.png"));
    assertThat(ImageIO.read(pictures.all().get(3).file().toFile()).getWidth()).isEqualTo(2);
    new RunLog(folder, 5).close();
    assertThat(pictures.all()).hasSize(2).allMatch(one -> one.step() == 5);
    new RunLog(folder, 0).close();
    assertThat(pictures.all()).isEmpty();
    assertThat(folder.resolve("pictures/mine-7.png")).exists();
  }

  @Test
  void theFramingIsTheOneTensorFlowWrites() throws IOException {
    new RunLog(folder, 0).close();
    byte[] bytes = Files.readAllBytes(eventFile());
    // The first 12 bytes of every event file TensorFlow writes: 24 as uint64 and its checksum.
    assertThat(HexFormat.of().formatHex(bytes, 0, 12)).isEqualTo("1800000000000000a37f4b22");
  }

  private Path eventFile() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("events"))
          .findFirst()
          .orElseThrow();
    }
  }

  private List<Map<Integer, Object>> events() throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(eventFile()));
    file.order(ByteOrder.LITTLE_ENDIAN);
    List<Map<Integer, Object>> events = new ArrayList<>();
    while (file.hasRemaining()) {
      byte[] length = Arrays.copyOfRange(file.array(), file.position(), file.position() + 8);
      byte[] data = new byte[(int) file.getLong()];
      assertThat(file.getInt()).isEqualTo(EventFile.checksum(length, 8));
      file.get(data);
      assertThat(file.getInt()).isEqualTo(EventFile.checksum(data, data.length));
      events.add(message(data));
    }
    return events;
  }

  /** Fields of a protocol buffer message by number; none repeats here. */
  private static Map<Integer, Object> message(Object data) {
    ByteBuffer in = ByteBuffer.wrap((byte[]) data).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Object> fields = new TreeMap<>();
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      Object value =
          switch (key & 7) {
            case 0 -> varint(in);
            case 1 -> in.getDouble();
            case 5 -> in.getFloat();
            default -> {
              byte[] bytes = new byte[(int) varint(in)];
              in.get(bytes);
              yield bytes;
            }
          };
      fields.put(key >> 3, value);
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  @Test
  void lossCurvesOfSeveralRunsAreDrawnWithoutADisplay() throws IOException {
    Map<String, Path> runs = new LinkedHashMap<>();
    for (String name : List.of("vq", "mvq")) {
      try (RunLog log = new RunLog(folder.resolve(name), 0)) {
        for (int step = 1; step < 50; step++) {
          log.scalar(step, "loss", (name.length() + 1.0) / step);
        }
      }
      runs.put(name, folder.resolve(name));
    }
    Path png = folder.resolve("loss.png");
    LossPlot.write(png, "loss", runs);
    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(960);
    assertThatThrownBy(() -> LossPlot.write(png, "kid", runs))
        .hasMessageEndingWith("log.csv has no finite value named kid");
  }
}
