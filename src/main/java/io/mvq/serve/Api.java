package io.mvq.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.Code;
import io.mvq.Tokenizer;
import io.mvq.Version;
import io.mvq.prior.Sampling;
import io.mvq.run.Shares;
import io.mvq.serve.Gate.Work;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What the pages and other programs ask of a model; docs/serve.md has each call. A call reads its
 * request at once and gives back what is left to compute.
 */
final class Api {
  private final Tokenizer tokenizer;
  private final String name;
  private final Limits limits;
  private final Object onePicture = new Object();

  Api(Tokenizer tokenizer, String name, Limits limits) {
    this.tokenizer = tokenizer;
    this.name = name;
    this.limits = limits;
  }

  /** What the model is and what may be asked of it. */
  ObjectNode info() {
    Tokenizer.Info info = tokenizer.info();
    ObjectNode tree = object();
    tree.put("mvq", Version.NUMBER).put("run", name).put("model", info.model().digest());
    tree.put("side", info.side()).put("channels", info.channels());
    ArrayNode codes = tree.putArray("codes");
    info.codes().forEach(codes::add);
    tree.put("baseTokens", info.baseTokens()).put("maskedTokens", info.maskedTokens());
    tree.put("winners", info.winners()).put("maskWidth", info.maskWidth());
    tree.put("tokenBits", info.tokenBits()).put("maskBits", info.maskBits());
    ArrayNode classes = tree.putArray("classes");
    info.classes().forEach(classes::add);
    tree.put("samples", info.samples()).put("samplesByClass", info.samplesByClass());
    tree.putObject("limits").put("fileBytes", limits.fileBytes()).put("pictures", pictures());
    return tree;
  }

  private int pictures() {
    return Limits.pictures(tokenizer.info().side());
  }

  /**
   * A picture's file to its code and the picture of that. A PNG that holds a code of this model is
   * taken at its word; its pixels are not looked at.
   */
  Work<Answer> encode(Request request) throws IOException {
    request.allow();
    byte[] file = request.body(limits.fileBytes(), "a picture's file");
    return () -> Answer.json(encoded(file));
  }

  private ObjectNode encoded(byte[] file) throws IOException {
    Code held = PngText.read(file);
    boolean own = held != null && held.model().equals(tokenizer.info().model());
    Code code;
    if (own) {
      code = held;
    } else {
      synchronized (onePicture) { // one of 50 million pixels takes 400 MB while it is read
        code = tokenizer.encode(file);
      }
    }
    ObjectNode tree = item(code, tokenizer.decode(code));
    tree.put("from", own ? "text" : "pixels");
    if (held != null && !own) {
      tree.put(
          "note",
          "the file holds a code of the model "
              + held.model()
              + ", this is "
              + tokenizer.info().model()
              + ": its pixels were encoded anew");
    }
    return tree;
  }

  /** A code to its picture, as PNG; or {@code {"codes": [...]}} to a list of both. */
  Work<Answer> decode(Request request) throws IOException {
    request.allow();
    JsonNode tree = request.json(limits.jsonBytes(), "format", "model", "tokens", "masks", "codes");
    if (!tree.has("codes")) {
      Code code = code(tree);
      return () -> Answer.of("image/png", PngText.write(tokenizer.decode(code), code));
    }
    if (tree.size() > 1) {
      throw new Refusal(400, "send one code, or a list of them as \"codes\", not both");
    }
    List<Code> codes = new ArrayList<>();
    for (JsonNode one : list(tree, "codes")) {
      codes.add(code(one));
    }
    return () -> items(codes);
  }

  /** A code to others of the same tokens, with masks drawn as sampling draws them. */
  Work<Answer> draw(Request request) throws IOException {
    request.allow("n", "seed");
    int n = request.whole("n", 16, 1, pictures());
    long seed = request.whole("seed", 1);
    Code code = code(request.json(limits.jsonBytes(), "format", "model", "tokens", "masks"));
    return () ->
        items(LongStream.range(seed, seed + n).mapToObj(s -> tokenizer.redrawn(code, s)).toList());
  }

  /** New pictures and their codes. */
  Work<Answer> sample(Request request) {
    request.allow("n", "class", "guidance", "temperature", "top-k", "top-p", "seed");
    if (!tokenizer.info().samples()) {
      throw new Refusal(409, "this run has no trained prior, by which new pictures are drawn");
    }
    Sampling sampling =
        new Sampling(
            request.real("temperature", 1),
            request.whole("top-k", 0, 0, Integer.MAX_VALUE),
            request.real("top-p", 1),
            request.real("guidance", 1));
    int n = request.whole("n", 16, 1, pictures());
    String className = request.text("class");
    if (sampling.guidance() != 1 && !tokenizer.info().samplesByClass()) {
      throw new Refusal(409, "guidance needs a prior that knows classes; this one does not");
    }
    if (sampling.guidance() != 1 && className == null) {
      throw new Refusal(400, "guidance follows a class: give class too");
    }
    long seed = request.whole("seed", 1);
    return () -> items(tokenizer.sampleCodes(n, className, sampling, seed));
  }

  /** Pictures between two codes, by the shares of each of a list. */
  Work<Answer> blend(Request request) throws IOException {
    request.allow();
    JsonNode tree = request.json(limits.jsonBytes(), "first", "second", "shares");
    Code first = code(tree.path("first"));
    Code second = code(tree.path("second"));
    List<Shares> shares = new ArrayList<>();
    list(tree, "shares").forEach(one -> shares.add(SharesJson.read(one)));
    return () -> {
      ObjectNode answer = object();
      ArrayNode images = answer.putArray("images");
      for (Shares one : shares) {
        images.add(url(PngText.write(tokenizer.blend(first, second, one), null)));
      }
      return Answer.json(answer);
    };
  }

  private JsonNode list(JsonNode tree, String field) {
    JsonNode list = tree.path(field);
    if (!list.isArray() || list.isEmpty() || list.size() > pictures()) {
      throw new Refusal(400, "%s must be a list of 1 to %d", field, pictures());
    }
    return list;
  }

  /** A code of this model. */
  private Code code(JsonNode tree) {
    Code code = Code.ofJson(tree.toString());
    if (!code.model().equals(tokenizer.info().model())) {
      throw new Refusal(
          409, "the code is of the model %s, this is %s", code.model(), tokenizer.info().model());
    }
    return code;
  }

  private Answer items(List<Code> codes) throws IOException {
    List<BufferedImage> pictures = tokenizer.decode(codes);
    ObjectNode answer = object();
    ArrayNode items = answer.putArray("items");
    for (int i = 0; i < codes.size(); i++) {
      items.add(item(codes.get(i), pictures.get(i)));
    }
    return Answer.json(answer);
  }

  private static ObjectNode item(Code code, BufferedImage picture) throws IOException {
    ObjectNode item = object();
    item.set("code", Request.JSON.readTree(code.toJson()));
    return item.put("image", url(PngText.write(picture, code)));
  }

  static String url(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  static ObjectNode object() {
    return Request.JSON.createObjectNode();
  }
}
