package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mvq.run.Identity;
import io.mvq.run.Run;
import io.mvq.serve.Model;
import io.mvq.serve.Server;
import io.mvq.serve.Trainings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A run that is trained, in the browser's JSON. */
class ServeTrainingTest extends TrainedRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static JsonNode get(String url, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
    return JSON.readTree(CLIENT.send(request, BodyHandlers.ofByteArray()).body());
  }

  private static Server serve(Model model, Path place) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    return new Server(model, new Trainings(List.of(place)), "run", here, 0, 1);
  }

  @Test
  void theModelComesWithTheFirstCheckpointAndItsPriorLater() throws Exception {
    Path young = copy(run, home.resolve("young"));
    delete(young.resolve("autoencoder/checkpoint"));
    delete(young.resolve("prior"));
    try (Model model = Model.newest(young, "cpu");
        Server server = serve(model, young)) {
      String url = server.url();
      JsonNode none = get(url, "api/info");
      assertThat(none.path("model").isNull()).isTrue();
      assertThat(none.path("why").textValue()).contains("the first checkpoint");
      assertThat(get(url, "api/training").at("/runs/0/stages/0/step").intValue()).isEqualTo(6);
      copy(run.resolve("autoencoder/checkpoint"), young.resolve("autoencoder/checkpoint"));
      JsonNode training = get(url, "api/training");
      assertThat(training.path("checkpoint")).isNotEqualTo(none.path("checkpoint"));
      JsonNode first = get(url, "api/info");
      assertThat(first.path("model").textValue()).isEqualTo(Identity.of(new Run(run)).digest());
      assertThat(first.path("checkpoint")).isEqualTo(training.path("checkpoint"));
      assertThat(first.path("samples").booleanValue()).isFalse();
      copy(run.resolve("prior"), young.resolve("prior"));
      assertThat(get(url, "api/info").path("samples").booleanValue()).isTrue();
      assertThat(get(url, "api/sample?n=2").path("items")).hasSize(2);
    }
  }

  @Test
  void aCheckpointThatCannotBeReadLeavesTheModelAsItWas() throws Exception {
    Path place = copy(run, home.resolve("harmed"));
    try (Model model = Model.newest(place, "cpu");
        Server server = serve(model, place)) {
      Path weights = place.resolve("autoencoder/checkpoint/model.safetensors");
      Files.writeString(weights, "no weights");
      assertThat(get(server.url(), "api/info").path("samples").booleanValue()).isTrue();
      assertThat(get(server.url(), "api/sample?n=1").path("items")).hasSize(1);
    }
  }

  @Test
  void trainShowsItselfInTheBrowser() throws Exception {
    Path out = home.resolve("shown");
    Path log = home.resolve("shown.txt");
    List<String> args = new ArrayList<>(List.of("train", "--data", photos.toString()));
    args.addAll(small(List.of()));
    args.addAll(List.of("--out", out.toString(), "--steps", "100000000", "--serve"));
    args.addAll(List.of("--evaluate-every", "20"));
    FarewellTest.interrupted(() -> isShown(log), log, args);
  }

  private static boolean isShown(Path log) {
    try {
      Matcher url = Pattern.compile("the training is at (\\S+)").matcher(Files.readString(log));
      if (!url.find()) {
        return false;
      }
      JsonNode stage = get(url.group(1), "api/training").at("/runs/0/stages/0");
      assertThat(get(url.group(1), "api/info").path("why").textValue()).contains("mvq serve ");
      return stage.path("step").intValue() > 0
          && stage.path("imagesASecond").doubleValue() > 0
          && !stage.at("/pictures/reconstructions").isEmpty();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsNoRunIsNamed() throws IOException {
    assertThat(call("serve", "nowhere").err()).contains("RUN must be a folder or a pretrained");
    Path empty = Files.createDirectories(home.resolve("empty"));
    assertThat(call("serve", empty.toString()).err()).contains("holds no trained autoencoder");
    assertThat(call("serve", run.toString(), "nowhere").err())
        .contains("RUN must be a folder, there is no \"nowhere\"");
    assertThat(call("serve", run.toString(), "--port", "70000").err())
        .contains("--port must be in 0..65535");
  }
}
