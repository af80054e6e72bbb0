package io.mvq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.files.StrictJson;
import io.mvq.run.Identity;
import java.util.Iterator;
import java.util.Set;

/** The JSON form of a {@link Code}, as {@link Code#toJson} says. */
final class CodeJson {
  private static final int FORMAT = 1;
  private static final Set<String> FIELDS = Set.of("format", "model", "tokens", "masks");
  private static final JsonMapper MAPPER = StrictJson.mapper();

  private CodeJson() {}

  static String write(Code code) {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("format", FORMAT);
    tree.put("model", code.model().digest());
    ArrayNode tokens = tree.putArray("tokens");
    for (int token : code.tokens()) {
      tokens.add(token);
    }
    ArrayNode masks = tree.putArray("masks");
    for (int winner = 0; winner < code.winners(); winner++) {
      StringBuilder text = new StringBuilder("0".repeat(code.maskWidth()));
      code.mask(winner).stream().forEach(bit -> text.setCharAt(bit, '1'));
      masks.add(text.toString());
    }
    return tree.toString();
  }

  static Code read(String json) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw bad("not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
    if (!tree.isObject()) {
      throw bad("it must be a JSON object", null);
    }
    for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!FIELDS.contains(name)) {
        throw bad("it has an unknown field " + shown(name), null);
      }
    }
    if (!tree.path("format").isInt() || tree.path("format").asInt() != FORMAT) {
      throw bad(
          "format must be " + FORMAT + ", got " + shown(tree.path("format").toString()), null);
    }
    if (!tree.path("model").isTextual()) {
      throw bad("model must be a text", null);
    }
    JsonNode masks = list(tree, "masks");
    try {
      int width = masks.isEmpty() ? 0 : mask(masks, 0).length();
      return new Code(
          new Identity(tree.path("model").textValue()), tokens(tree), width, words(masks, width));
    } catch (IllegalArgumentException e) {
      throw e.getMessage().startsWith(START) ? e : bad(e.getMessage(), e);
    }
  }

  private static int[] tokens(JsonNode tree) {
    JsonNode list = list(tree, "tokens");
    int[] tokens = new int[list.size()];
    for (int i = 0; i < tokens.length; i++) {
      if (!list.get(i).isInt()) {
        throw bad("token " + i + " must be a whole number of 0 to 2147483647", null);
      }
      tokens[i] = list.get(i).intValue();
    }
    return tokens;
  }

  private static long[] words(JsonNode masks, int width) {
    for (int winner = 0; winner < masks.size(); winner++) { // before there is room for them
      int bits = mask(masks, winner).length();
      if (bits != width || bits > Code.MOST) {
        int wanted = Math.min(width, Code.MOST);
        throw bad("mask " + winner + " must have " + wanted + " bits, got " + bits, null);
      }
    }
    int words = Code.words(width);
    long[] all = new long[masks.size() * words];
    for (int winner = 0; winner < masks.size(); winner++) {
      String mask = mask(masks, winner);
      for (int bit = 0; bit < width; bit++) {
        if (mask.charAt(bit) != '0' && mask.charAt(bit) != '1') {
          throw bad("mask " + winner + " must be a text of 0 and 1", null);
        }
        all[winner * words + bit / Long.SIZE] |= (mask.charAt(bit) - (long) '0') << bit;
      }
    }
    return all;
  }

  private static String mask(JsonNode masks, int winner) {
    if (!masks.get(winner).isTextual() || masks.get(winner).textValue().isEmpty()) {
      throw bad("mask " + winner + " must be a text of 0 and 1", null);
    }
    return masks.get(winner).textValue();
  }

  private static JsonNode list(JsonNode tree, String field) {
    if (!tree.path(field).isArray()) {
      throw bad(field + " must be a list", null);
    }
    return tree.path(field);
  }

  private static String shown(String text) {
    String some = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return some.replaceAll("\\p{Cntrl}", "?");
  }

  private static final String START = "this JSON is no code: ";

  private static IllegalArgumentException bad(String why, Exception cause) {
    return new IllegalArgumentException(START + why, cause);
  }
}
