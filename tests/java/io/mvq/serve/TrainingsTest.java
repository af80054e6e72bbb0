package io.mvq.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.mvq.train.RunLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of runs that another process trains, from files in any state. */
class TrainingsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;

  private static Server serve(Path... places) throws IOException {
    return new Server(
        Model.none("it is yet to come"),
        new Trainings(List.of(places)),
        "runs",
        InetAddress.getLoopbackAddress(),
        0,
        1);
  }

  private static HttpResponse<byte[]> ask(Server server, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path)).build();
    return CLIENT.send(request, BodyHandlers.ofByteArray());
  }

  private static JsonNode json(Server server, String path) throws Exception {
    HttpResponse<byte[]> answer = ask(server, path);
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @Test
  void aRunIsToldOfFromBeforeItsFirstStepOn() throws Exception {
    Path run = folder.resolve("run");
    try (Server server = serve(run)) {
      JsonNode none = json(server, "api/training").path("runs").path(0);
      assertThat(none.path("name").textValue()).isEqualTo("run");
      assertThat(none.path("stages")).isEmpty();
      try (WrittenRun written = new WrittenRun(run, 1)) {
        written.steps(10, 200);
        JsonNode stage = json(server, "api/training").at("/runs/0/stages/0");
        assertThat(stage.path("name").textValue()).isEqualTo("autoencoder");
        assertThat(stage.path("step").intValue()).isEqualTo(200);
        assertThat(stage.path("steps").intValue()).isEqualTo(WrittenRun.STEPS);
        assertThat(stage.at("/pictures/reconstructions").toString()).isEqualTo("[100,200]");
        String log = "api/training/log?run=run&stage=autoencoder";
        JsonNode all = json(server, log);
        assertThat(all.at("/curves/loss")).hasSize(20);
        assertThat(all.at("/curves/loss/9/0").intValue()).isEqualTo(100);
        assertThat(all.at("/curves/loss/9/1").doubleValue()).isEqualTo(0.1);
        written.steps(210, 230);
        JsonNode more = json(server, log + "&since=200&edition=" + all.path("edition").textValue());
        assertThat(more.path("since").intValue()).isEqualTo(200);
        assertThat(more.at("/curves/loss")).hasSize(4);
        assertThat(more.at("/curves/held-out~1psnr")).hasSize(1);
        byte[] png =
            ask(
                    server,
                    "api/training/picture?run=run&stage=autoencoder&name=reconstructions&step=200")
                .body();
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getRGB(3, 3))
            .isEqualTo(WrittenRun.picture(200).getRGB(3, 3));
      }
    }
  }

  @Test
  void aFolderOfRunsGivesThemAllByTheirNames() throws Exception {
    Path all = folder.resolve("all");
    new WrittenRun(all.resolve("vq"), 1).close();
    new WrittenRun(all.resolve("runs/mvq"), 1).close();
    Path other = folder.resolve("elsewhere/vq");
    new WrittenRun(other, 1).close();
    try (Server server = serve(all)) {
      assertThat(json(server, "api/training").path("runs").findValuesAsText("name"))
          .containsExactly("runs/mvq", "vq");
    }
    try (Server server = serve(all.resolve("vq"), other)) {
      assertThat(json(server, "api/training").path("runs").findValuesAsText("name"))
          .containsExactly("vq", other.toString());
    }
  }

  @Test
  void whatIsNotThereIsSaidAndNoNameBecomesAPath() throws Exception {
    new WrittenRun(folder.resolve("run"), 1).close();
    try (Server server = serve(folder.resolve("run"))) {
      for (String run : new String[] {"", "none", "../run", folder.resolve("run") + "/.."}) {
        HttpResponse<byte[]> answer =
            ask(
                server,
                "api/training/log?stage=autoencoder&run="
                    + URLEncoder.encode(run, StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(run).isEqualTo(404);
        assertThat(new String(answer.body())).contains("there is no run");
      }
      assertThat(ask(server, "api/training/log?run=run&stage=../prior").statusCode())
          .isEqualTo(404);
      String picture = "api/training/picture?run=run&stage=autoencoder&name=";
      assertThat(ask(server, picture + "..%2frecipe&step=1").statusCode()).isEqualTo(404);
      assertThat(ask(server, "api/training?x=1").statusCode()).isEqualTo(400);
      HttpResponse<byte[]> refused = ask(server, "api/sample");
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(new String(refused.body())).contains("there is no model: it is yet to come");
      JsonNode info = json(server, "api/info");
      assertThat(info.path("model").isNull()).isTrue();
      assertThat(info.path("why").textValue()).isEqualTo("it is yet to come");
    }
  }

  private static JsonNode curves(LogFile log) throws IOException {
    log.look();
    return log.from(0, "", 800).path("curves");
  }

  @Test
  void halfALineWaitsAndDamagedOnesAreLeftOut() throws Exception {
    Path csv = folder.resolve("log.csv");
    LogFile log = new LogFile(csv);
    assertThat(curves(log)).isEmpty(); // missing
    Files.writeString(csv, "step,seconds,name,value\n10,1.0,loss,0.5\n20,2.0,lo");
    assertThat(curves(log).toString()).isEqualTo("{\"loss\":[[10,0.5]]}");
    Files.writeString(
        csv, "ss,0.25\nx,y,z\n\u0000\n30,3.0,loss,NaN\n40,4.0,loss,", StandardOpenOption.APPEND);
    assertThat(curves(log).path("loss").toString()).isEqualTo("[[10,0.5],[20,0.25]]");
    Files.write(csv, new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);
    assertThat(curves(log).path("loss")).hasSize(2);
    Files.writeString(csv, "step,seconds,name,value\n"); // cut off in place
    assertThat(curves(log)).isEmpty();
    Files.delete(csv);
    assertThat(curves(log)).isEmpty();
  }

  @Test
  void aResumedRunsCurveIsToldAnew() throws Exception {
    try (RunLog first = new RunLog(folder, 0)) {
      for (int step = 10; step <= 100; step += 10) {
        first.scalar(step, "loss", 1);
      }
    }
    LogFile log = new LogFile(folder.resolve(RunLog.CSV));
    log.look();
    String edition = log.from(0, "", 800).path("edition").textValue();
    try (RunLog resumed = new RunLog(folder, 50)) {
      resumed.scalar(60, "loss", 2);
      log.look();
      JsonNode now = log.from(100, edition, 800);
      assertThat(now.path("since").intValue()).isZero();
      assertThat(now.at("/curves/loss")).hasSize(6);
      assertThat(now.at("/curves/loss/5/1").doubleValue()).isEqualTo(2);
    }
  }

  @Test
  void longCurvesAreThinnedToTheirMeans() {
    Curve curve = new Curve();
    int n = 100_000;
    for (int step = 1; step <= n; step++) {
      curve.add(step, step);
    }
    ArrayNode points = JSON.createArrayNode();
    curve.from(0, 800, points);
    assertThat(points.size()).isBetween(400, 800);
    assertThat(points.get(points.size() - 1).get(0).intValue()).isEqualTo(n);
    long before = 0;
    for (JsonNode point : points) {
      long step = point.get(0).longValue();
      assertThat(point.get(1).doubleValue()).isEqualTo((before + 1 + step) / 2.0);
      before = step;
    }
    ArrayNode late = JSON.createArrayNode();
    curve.from(n - 100, 800, late);
    assertThat(late.size()).isBetween(2, 20);
  }
}
