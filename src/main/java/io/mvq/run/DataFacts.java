package io.mvq.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.files.OutputFile;
import io.mvq.files.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What a run knows of its images without having them: {@code data.json}, with its own SHA-256.
 *
 * @param named as the recipe named them then
 * @param where an absolute path or {@code set:NAME}, as {@code Datasets.absolute} gives it
 * @param digest of the set, as {@code Dataset.digest} gives it
 * @param training images trained on
 * @param heldOut images held out
 * @param classes their names, in the order of the labels; empty without labels
 */
public record DataFacts(
    String named, String where, String digest, int training, int heldOut, List<String> classes) {
  /** The file in a run's folder. */
  public static final String FILE = "data.json";

  private static final int FORMAT = 1;
  private static final String SEAL = "sha256";
  private static final int NAMED = 5;
  private static final JsonMapper MAPPER = StrictJson.mapper();

  public DataFacts {
    classes = List.copyOf(classes);
  }

  /** Writes them into a run's folder. */
  void write(Path folder) throws IOException {
    ObjectNode tree = fields();
    tree.put(SEAL, sha256(tree));
    OutputFile.write(
        folder.resolve(FILE),
        MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n");
  }

  /** Of a run's folder; null where an older mvq kept none. */
  static DataFacts read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      JsonNode tree = MAPPER.readTree(Files.readAllBytes(file));
      int format = tree == null ? 0 : tree.path("format").asInt();
      if (format > FORMAT) {
        throw new IOException(
            file + " has format " + format + ", newer than the " + FORMAT + " of this mvq; update");
      }
      List<String> classes = new ArrayList<>();
      tree.path("classes").forEach(name -> classes.add(name.asText()));
      DataFacts facts =
          new DataFacts(
              tree.path("named").asText(),
              tree.path("data").asText(),
              tree.path("digest").asText(),
              tree.path("training").asInt(),
              tree.path("held_out").asInt(),
              classes);
      if (!sha256(facts.fields()).equals(tree.path(SEAL).asText())) {
        throw damaged(file, "it does not have the SHA-256 that is written in it", null);
      }
      return facts;
    } catch (JsonProcessingException e) {
      throw damaged(file, "it is not JSON", e);
    }
  }

  private static IOException damaged(Path file, String why, Exception cause) {
    return new IOException(
        file
            + " is damaged: "
            + why
            + "; delete it, and mvq train --resume writes it anew from the images",
        cause);
  }

  private ObjectNode fields() {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("format", FORMAT);
    tree.put("named", named);
    tree.put("data", where);
    tree.put("digest", digest);
    tree.put("training", training);
    tree.put("held_out", heldOut);
    classes.forEach(tree.putArray("classes")::add);
    return tree;
  }

  private static String sha256(ObjectNode fields) {
    try {
      byte[] text = fields.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** What became of the images since these were noted; null if nothing did. */
  String changes(DataFacts now) {
    if (digest.equals(now.digest)) {
      return null;
    }
    List<String> changes = new ArrayList<>();
    count(changes, "training images", training, now.training);
    count(changes, "held-out images", heldOut, now.heldOut);
    List<String> gone = without(classes, now.classes);
    List<String> added = without(now.classes, classes);
    if (!gone.isEmpty()) {
      changes.add("classes gone: " + some(gone));
    }
    if (!added.isEmpty()) {
      changes.add("classes new: " + some(added));
    }
    return changes.isEmpty()
        ? "as many images, but some have other names, classes or files"
        : String.join("; ", changes);
  }

  private static void count(List<String> changes, String what, int then, int now) {
    if (then != now) {
      changes.add(String.format(Locale.ROOT, "%d %s, were %d", now, what, then));
    }
  }

  private static List<String> without(List<String> names, List<String> others) {
    return names.stream().filter(name -> !others.contains(name)).toList();
  }

  private static String some(List<String> names) {
    return names.size() <= NAMED
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMED)) + " and " + (names.size() - NAMED) + " more";
  }
}
