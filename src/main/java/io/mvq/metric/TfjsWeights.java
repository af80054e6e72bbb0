package io.mvq.metric;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mvq.tensor.Tensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights of a TensorFlow.js layers model that was bundled into scripts: {@code model.min.js}
 * holds the manifest as an object of JavaScript, {@code group1-shardIofN.min.js} the bytes in
 * base64. Nothing is executed. Weights of 8 bits are read as {@code scale * value + min}.
 */
public final class TfjsWeights {
  private static final String MODEL = "model.min.js";
  private static final String MANIFEST = "weightsManifest:";
  private static final Pattern BASE64 = Pattern.compile("exports=\"([A-Za-z0-9+/=]+)\"");
  private static final JsonMapper SCRIPT =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
          .build();

  private TfjsWeights() {}

  /** Every weight by its name, float32, in the layout that TensorFlow stores. */
  public static Map<String, Tensor> read(Path folder) throws IOException {
    Path model = folder.resolve(MODEL);
    if (!Files.exists(model)) {
      throw new IOException("no " + MODEL + " in " + folder + "; is it the model's folder?");
    }
    String script = Files.readString(model);
    int at = script.indexOf(MANIFEST);
    if (at < 0) {
      throw new IOException(model + " has no " + MANIFEST + " it is no bundled layers model");
    }
    // Jackson stops where the array ends, before the script's own tail.
    JsonNode manifest = SCRIPT.readTree(script.substring(at + MANIFEST.length()));
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (JsonNode group : manifest) {
      byte[] bytes = bytes(folder, group.get("paths"));
      int from = 0;
      for (JsonNode weight : group.get("weights")) {
        from = add(weights, weight, bytes, from);
      }
      if (from != bytes.length) {
        throw new IOException(
            folder + ": the weights take " + from + " bytes, its shards hold " + bytes.length);
      }
    }
    return weights;
  }

  private static byte[] bytes(Path folder, JsonNode paths) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (JsonNode path : paths) {
      Path shard = folder.resolve(path.asText() + ".min.js");
      Matcher text = BASE64.matcher(Files.readString(shard, StandardCharsets.ISO_8859_1));
      if (!text.find()) {
        throw new IOException(shard + " holds no base64");
      }
      all.writeBytes(Base64.getDecoder().decode(text.group(1)));
    }
    return all.toByteArray();
  }

  private static int add(Map<String, Tensor> weights, JsonNode weight, byte[] bytes, int from)
      throws IOException {
    String name = weight.get("name").asText();
    JsonNode quantization = weight.get("quantization");
    if (quantization == null || !quantization.get("dtype").asText().equals("uint8")) {
      throw new IOException(name + " must be quantized to uint8, got " + weight);
    }
    double scale = quantization.get("scale").asDouble();
    double least = quantization.get("min").asDouble();
    long[] shape = new long[weight.get("shape").size()];
    int count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = weight.get("shape").get(i).asLong();
      count = Math.multiplyExact(count, (int) shape[i]);
    }
    if (from + count > bytes.length) {
      throw new IOException(name + " ends beyond its shards, which hold " + bytes.length);
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * (bytes[from + i] & 255) + least);
    }
    weights.put(name, Tensors.of(values, shape));
    return from + count;
  }
}
