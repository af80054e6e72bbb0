package io.mvq.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.data.Damage;
import io.mvq.files.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a code file says beside numbers, kept as JSON.
 *
 * @param model by which the images were encoded; null if an older mvq wrote the file
 * @param names of the images, one a row: paths below their folder, or places in their set; none in
 *     a file of an older mvq
 * @param leftOut images that have no row, and why
 */
public record CodesAbout(Identity model, List<String> names, List<Damage> leftOut) {
  /** Of a file that says nothing. */
  public static final CodesAbout NOTHING = new CodesAbout(null, List.of(), List.of());

  private static final int FORMAT = 1;
  private static final JsonMapper MAPPER = StrictJson.mapper();

  public CodesAbout {
    names = List.copyOf(names);
    leftOut = List.copyOf(leftOut);
  }

  /** As UTF-8; needs a model. */
  byte[] json() {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("format", FORMAT);
    tree.put("model", model.digest());
    names.forEach(tree.putArray("names")::add);
    ArrayNode left = tree.putArray("left_out");
    leftOut.forEach(one -> left.addObject().put("name", one.name()).put("reason", one.reason()));
    return tree.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Reads {@link #json}. @param where names the file in errors */
  static CodesAbout read(byte[] json, String where) throws IOException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      JsonNode tree = MAPPER.readTree(text);
      if (!tree.isObject() || !tree.path("format").isInt()) {
        throw new IOException(where + " must be a JSON object with a whole number \"format\"");
      }
      if (tree.path("format").asInt() > FORMAT) {
        throw new IOException(
            String.format(
                "%s has format %d, newer than the %d that this mvq reads; update mvq",
                where, tree.path("format").asInt(), FORMAT));
      }
      List<String> names = new ArrayList<>();
      for (JsonNode name : array(tree, "names", where)) {
        names.add(text(name, "each of names", where));
      }
      List<Damage> leftOut = new ArrayList<>();
      for (JsonNode one : array(tree, "left_out", where)) {
        leftOut.add(
            new Damage(
                text(one.path("name"), "a name in left_out", where),
                text(one.path("reason"), "a reason in left_out", where)));
      }
      return new CodesAbout(new Identity(text(tree.path("model"), "model", where)), names, leftOut);
    } catch (CharacterCodingException e) {
      throw new IOException(where + " is damaged: it is not UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new IOException(where + " is damaged: it is not JSON", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(where + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode array(JsonNode tree, String field, String where) throws IOException {
    if (!tree.path(field).isArray()) {
      throw new IOException(where + ": " + field + " must be a list");
    }
    return tree.path(field);
  }

  private static String text(JsonNode node, String what, String where) throws IOException {
    if (!node.isTextual()) {
      throw new IOException(where + ": " + what + " must be a text");
    }
    return node.textValue();
  }
}
