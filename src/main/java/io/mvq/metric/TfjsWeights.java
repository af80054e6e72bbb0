package io.mvq.metric;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mvq.tensor.Tensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights of a TensorFlow.js layers model that was bundled into scripts: {@code model.min.js}
 * holds the manifest as an object of JavaScript, {@code group1-shardIofN.min.js} the bytes in
 * base64. Nothing is executed. Weights of 8 bits are read as {@code scale * value + min}.
 */
public final class TfjsWeights {
  private static final String ENDING = ".min.js";
  private static final String MODEL = "model" + ENDING;
  private static final String MANIFEST = "weightsManifest:";
  private static final Pattern BASE64 = Pattern.compile("exports=\"([A-Za-z0-9+/=]+)\"");
  private static final JsonMapper SCRIPT =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
          .build();

  private TfjsWeights() {}

  /**
   * Every weight by its name, float32, in the layout that TensorFlow stores.
   *
   * @param sha256 of the folder's scripts one after the other, in the order of their names: a
   *     flipped bit in a cache would make another network, whose numbers look like any others
   */
  public static Map<String, Tensor> read(Path folder, String sha256) throws IOException {
    Map<String, byte[]> scripts = scripts(folder);
    require(folder, scripts, sha256);
    String model = text(scripts, MODEL, folder);
    int at = model.indexOf(MANIFEST);
    if (at < 0) {
      throw new IOException(folder.resolve(MODEL) + " has no " + MANIFEST);
    }
    // Jackson stops where the array ends, before the script's own tail.
    JsonNode manifest = SCRIPT.readTree(model.substring(at + MANIFEST.length()));
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (JsonNode group : manifest) {
      byte[] bytes = bytes(folder, scripts, group.path("paths"));
      int from = 0;
      for (JsonNode weight : group.path("weights")) {
        from = add(weights, weight, bytes, from);
      }
      if (from != bytes.length) {
        throw new IOException(
            folder + ": the weights take " + from + " bytes, its shards hold " + bytes.length);
      }
    }
    return weights;
  }

  private static Map<String, byte[]> scripts(Path folder) throws IOException {
    Map<String, byte[]> scripts = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path file : files) {
        scripts.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return scripts;
  }

  private static void require(Path folder, Map<String, byte[]> scripts, String sha256)
      throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      scripts.values().forEach(digest::update);
      String found = HexFormat.of().formatHex(digest.digest());
      if (!found.equals(sha256)) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s does not hold the weights that were fetched: the SHA-256 of its %d scripts is"
                    + " %s..., not %s...; delete the package's folder, and it is fetched anew",
                folder,
                scripts.size(),
                found.substring(0, 12),
                sha256.substring(0, 12)));
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String text(Map<String, byte[]> scripts, String name, Path folder)
      throws IOException {
    byte[] bytes = scripts.get(name);
    if (bytes == null) {
      throw new IOException("no " + name + " in " + folder + "; is it the model's folder?");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1); // they are ASCII
  }

  private static byte[] bytes(Path folder, Map<String, byte[]> scripts, JsonNode paths)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (JsonNode path : paths) {
      String shard = path.asText() + ENDING;
      Matcher text = BASE64.matcher(text(scripts, shard, folder));
      if (!text.find()) {
        throw new IOException(folder.resolve(shard) + " holds no base64");
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
