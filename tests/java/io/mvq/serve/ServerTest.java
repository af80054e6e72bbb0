package io.mvq.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mvq.Code;
import io.mvq.Tokenizer;
import io.mvq.prior.Sampling;
import io.mvq.run.Shares;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the JSON calls answer: what the Tokenizer does. */
class ServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Tokenizer emoji;
  private static Server server;
  private static Code code;

  @BeforeAll
  static void serve() throws IOException {
    emoji = Tokenizer.pretrained("emoji-2");
    server = new Server(emoji, "emoji-2", InetAddress.getLoopbackAddress(), 0, 2);
    code = emoji.sampleCodes(1, null, Sampling.PLAIN, 11).get(0);
  }

  @AfterAll
  static void close() {
    server.close();
    emoji.close();
  }

  private static HttpResponse<byte[]> call(String path, byte[] body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
    if (body != null) {
      request.POST(BodyPublishers.ofByteArray(body));
    }
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static JsonNode json(String path, String body) throws Exception {
    HttpResponse<byte[]> answer = call(path, body == null ? null : body.getBytes());
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static void refused(String path, String body, int status, String why) throws Exception {
    HttpResponse<byte[]> answer = call(path, body == null ? null : body.getBytes());
    assertThat(answer.statusCode()).as(path).isEqualTo(status);
    assertThat(JSON.readTree(answer.body()).path("error").textValue()).as(path).contains(why);
  }

  private static byte[] png(JsonNode url) {
    String text = url.textValue();
    assertThat(text).startsWith("data:image/png;base64,");
    return Base64.getDecoder().decode(text.substring(text.indexOf(',') + 1));
  }

  private static void same(byte[] png, BufferedImage picture) throws IOException {
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(read.getWidth()).isEqualTo(picture.getWidth());
    for (int p = 0; p < 32 * 32; p++) {
      assertThat(read.getRGB(p % 32, p / 32)).isEqualTo(picture.getRGB(p % 32, p / 32));
    }
  }

  @Test
  void infoSaysWhatTheModelIs() throws Exception {
    JsonNode info = json("api/info", null);
    assertThat(info.path("model").textValue()).isEqualTo(emoji.info().model().digest());
    assertThat(info.path("codes").toString()).isEqualTo("[64,64]");
    assertThat(info.path("maskWidth").intValue()).isEqualTo(64);
    assertThat(info.path("classes")).hasSize(99);
    assertThat(info.path("limits").path("pictures").intValue()).isEqualTo(512);
  }

  @Test
  void aPictureBecomesTheTokenizersCodeAndItsPicture() throws Exception {
    BufferedImage picture = emoji.sample(1, "food-fruit", 2).get(0);
    JsonNode answer = JSON.readTree(call("api/encode", PngText.write(picture, null)).body());
    Code expected = emoji.encode(picture);
    assertThat(Code.ofJson(answer.path("code").toString())).isEqualTo(expected);
    assertThat(answer.path("from").textValue()).isEqualTo("pixels");
    same(png(answer.path("image")), emoji.decode(expected));
  }

  @Test
  void aCodeIsDecodedAsPngThatBringsItBack() throws Exception {
    HttpResponse<byte[]> answer = call("api/decode", code.toJson().getBytes());
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("image/png");
    same(answer.body(), emoji.decode(code));
    JsonNode back = JSON.readTree(call("api/encode", answer.body()).body());
    assertThat(Code.ofJson(back.path("code").toString())).isEqualTo(code);
    assertThat(back.path("from").textValue()).isEqualTo("text");
  }

  @Test
  void aCodeOfAnotherModelInAFileIsNamedAndThePixelsCount() throws Exception {
    BufferedImage picture = emoji.decode(code);
    String other = code.toJson().replace(code.model().digest(), "00000000000000aa");
    byte[] file = PngText.write(picture, Code.ofJson(other));
    JsonNode answer = JSON.readTree(call("api/encode", file).body());
    assertThat(answer.path("from").textValue()).isEqualTo("pixels");
    assertThat(answer.path("note").textValue()).contains("of the model 00000000000000aa");
    assertThat(Code.ofJson(answer.path("code").toString())).isEqualTo(emoji.encode(picture));
  }

  @Test
  void aDamagedCodeInAFileIsRefused() throws Exception {
    byte[] file = PngText.write(emoji.decode(code), code);
    file[60] ^= 1; // within the text
    HttpResponse<byte[]> answer = call("api/encode", file);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new String(answer.body())).contains("the code in this file is damaged");
  }

  @Test
  void manyCodesAreDecodedAtOnce() throws Exception {
    Code other = emoji.redrawn(code, 5);
    String both = "{\"codes\":[" + code.toJson() + "," + other.toJson() + "]}";
    JsonNode items = json("api/decode", both).path("items");
    assertThat(items).hasSize(2);
    same(png(items.path(1).path("image")), emoji.decode(other));
    assertThat(Code.ofJson(items.path(0).path("code").toString())).isEqualTo(code);
  }

  @Test
  void drawnMasksAreTheTokenizers() throws Exception {
    JsonNode items = json("api/draw?n=3&seed=8", code.toJson()).path("items");
    assertThat(items).hasSize(3);
    for (int i = 0; i < 3; i++) {
      Code drawn = Code.ofJson(items.path(i).path("code").toString());
      assertThat(drawn).isEqualTo(emoji.redrawn(code, 8 + i));
    }
  }

  @Test
  void samplesAreTheTokenizersWithEveryParameter() throws Exception {
    String path =
        "api/sample?n=4&class=food-fruit&guidance=2.5&temperature=0.7&top-k=9&top-p=0.9&seed=21";
    JsonNode items = json(path, null).path("items");
    List<Code> expected = emoji.sampleCodes(4, "food-fruit", new Sampling(0.7, 9, 0.9, 2.5), 21);
    for (int i = 0; i < 4; i++) {
      assertThat(Code.ofJson(items.path(i).path("code").toString())).isEqualTo(expected.get(i));
    }
  }

  @Test
  void blendsAreTheTokenizers() throws Exception {
    Code other = emoji.sampleCodes(1, null, Sampling.PLAIN, 12).get(0);
    String shares = "[{\"codes\":0.25,\"masks\":0.5,\"residuals\":1},{}]";
    String body =
        "{\"first\":" + code.toJson() + ",\"second\":" + other.toJson() + ",\"shares\":" + shares;
    JsonNode images = json("api/blend", body + "}").path("images");
    same(png(images.path(0)), emoji.blend(code, other, new Shares(0.25, 0.5, 1)));
    same(png(images.path(1)), emoji.blend(code, other, new Shares(0, 0, 0)));
    refused("api/blend", body.replace("0.25", "1.25") + "}", 400, "codes must be in 0..1");
  }

  @Test
  void aCodebookSaysItsUseAndItsNearestPairs() throws Exception {
    JsonNode book = json("api/codebook?token=0", null);
    assertThat(book.path("kind").textValue()).isEqualTo("base");
    assertThat(book.path("images")).hasSize(64);
    long[] counts = new long[64];
    for (Code drawn : emoji.sampleCodes(4096, null, Sampling.PLAIN, 1)) {
      counts[drawn.tokens()[0]]++;
    }
    assertThat(JSON.convertValue(book.path("counts"), long[].class)).isEqualTo(counts);
    JsonNode nearest = book.path("pairs").path(0);
    int a = nearest.path("a").intValue();
    int b = nearest.path("b").intValue();
    double apart = emoji.distance(base(a), base(b));
    assertThat(nearest.path("distance").doubleValue()).isBetween(apart - 1e-6, apart + 1e-6);
    for (int i = 0; i < 64; i++) {
      assertThat(i == a || emoji.distance(base(a), base(i)) > apart - 1e-6).isTrue();
    }
    assertThat(json("api/codebook?token=1", null).path("kind").textValue()).isEqualTo("masked");
    refused("api/codebook?token=2", null, 400, "token must be in 0..1, got 2");
  }

  /** The same but for its base code. */
  private static Code base(int k) {
    return new Code(code.model(), new int[] {k, 7}, 64, new long[1]);
  }

  @Test
  void whatIsWrongWithARequestIsSaidInOneLine() throws Exception {
    refused("api/encode", "no picture", 400, "not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
    refused("api/encode", "", 400, "no body");
    refused("api/encode", null, 405, "use POST");
    refused("api/sample", "{}", 405, "use GET");
    refused("api/nothing", null, 404, "there is no /api/nothing");
    refused("api/decode", "{", 400, "not JSON");
    refused("api/decode", "[]", 400, "must be a JSON object");
    refused("api/decode", "{\"codes\":[]}", 400, "codes must be a list of 1 to 512");
    refused("api/decode", code.toJson().replace("tokens", "tocens"), 400, "unknown field");
    refused(
        "api/decode",
        code.toJson().replaceFirst("\\[\\d+,", "[64,"),
        400,
        "tokens at position 0 must be 0 to 63, got 64");
    refused(
        "api/decode",
        code.toJson().replace("\"masks\":[\"", "\"masks\":[\"0"),
        400,
        "masks must be of 64 bits");
    refused(
        "api/decode",
        code.toJson().replace(code.model().digest(), "00000000000000aa"),
        409,
        "the code is of the model 00000000000000aa, this is " + code.model());
    refused("api/sample?n=513", null, 400, "n must be in 1..512, got 513");
    refused("api/sample?n=x", null, 400, "n must be a whole number, got \"x\"");
    refused("api/sample?temperature=NaN", null, 400, "temperature must be at least 0");
    refused("api/sample?top-p=0", null, 400, "topP must be greater than 0");
    refused("api/sample?guidance=2", null, 400, "guidance follows a class: give class too");
    refused("api/sample?guidance=-1", null, 400, "guidance must be in 0..100");
    refused("api/sample?class=nobody", null, 400, "class must be one of [alphanum");
    refused("api/sample?sede=1", null, 400, "unknown parameter \"sede\"");
    refused("api/sample?seed=%25%zz".replace("%z", "%25z"), null, 400, "seed must be a whole");
    assertThat(json("api/info", null).path("side").intValue()).isEqualTo(32); // it goes on
  }

  @Test
  void thePagesAreThereWithAPolicyThatLetsNoOtherSiteIn() throws Exception {
    for (String path : new String[] {"", "style.css", "main.js", "explore.js", "icon.svg"}) {
      HttpResponse<byte[]> page = call(path, null);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'; script-src 'self';");
      assertThat(new String(page.body())).doesNotContain("https://").doesNotContain("//cdn");
    }
    refused("nothing.js", null, 404, "there is no /nothing.js");
    refused("style.css", "x", 405, "use GET");
  }
}
