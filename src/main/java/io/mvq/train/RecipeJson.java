package io.mvq.train;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Recipes as JSON: every field required, unknown, doubled and ill-typed fields refused. */
public final class RecipeJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private RecipeJson() {}

  /** Indented JSON, ending in a newline. */
  public static String write(Recipe recipe) {
    try {
      return MAPPER.writeValueAsString(recipe) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recipe is always writable", e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param source what to call the text in errors, e.g. its file
   */
  public static Recipe read(String json, String source) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      int format = tree.path("format").asInt(Recipe.FORMAT);
      if (format != Recipe.FORMAT) {
        throw new IllegalArgumentException(
            "recipe format "
                + format
                + (format > Recipe.FORMAT
                    ? " is newer than the " + Recipe.FORMAT + " this program reads; update mvq"
                    : " is of an mvq with other networks, this one reads "
                        + Recipe.FORMAT
                        + "; train again"));
      }
      compare(tree, MAPPER.valueToTree(Recipe.defaults()), "");
      return MAPPER.treeToValue(tree, Recipe.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": " + reason(e), e);
    }
  }

  static String get(Recipe recipe, String field) {
    JsonNode value = MAPPER.<ObjectNode>valueToTree(recipe).at("/" + field.replace('.', '/'));
    if (value.isMissingNode()) {
      throw new IllegalArgumentException("unknown recipe field " + field);
    }
    return value.isTextual() ? value.asText() : value.toString();
  }

  static Recipe with(Recipe recipe, Map<String, ?> fields) {
    ObjectNode tree = MAPPER.valueToTree(recipe);
    fields.forEach(
        (field, value) -> {
          int dot = field.lastIndexOf('.');
          JsonNode owner =
              dot < 0 ? tree : tree.at("/" + field.substring(0, dot).replace('.', '/'));
          String name = field.substring(dot + 1);
          if (!owner.has(name)) {
            throw new IllegalArgumentException(
                "unknown recipe field "
                    + field
                    + "; known fields: "
                    + String.join(", ", fields(tree)));
          }
          ((ObjectNode) owner).set(name, MAPPER.valueToTree(value));
        });
    try {
      return MAPPER.treeToValue(tree, Recipe.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(reason(e), e);
    }
  }

  /** Refuses unknown and missing fields by their full names. */
  private static void compare(JsonNode given, JsonNode known, String prefix) {
    if (!given.isObject()) {
      throw new IllegalArgumentException(
          (prefix.isEmpty() ? "it" : "field " + prefix.substring(0, prefix.length() - 1))
              + " must be a JSON object");
    }
    for (var field : given.properties()) {
      if (!known.has(field.getKey())) {
        throw new IllegalArgumentException(
            "unknown field "
                + prefix
                + field.getKey()
                + "; known fields beside it: "
                + names(known));
      }
    }
    for (var field : known.properties()) {
      if (!given.has(field.getKey())) {
        throw new IllegalArgumentException("field " + prefix + field.getKey() + " is missing");
      }
      if (field.getValue().isObject()) {
        compare(given.get(field.getKey()), field.getValue(), prefix + field.getKey() + ".");
      }
    }
  }

  private static String names(JsonNode known) {
    return known.properties().stream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
  }

  private static List<String> fields(ObjectNode tree) {
    List<String> names = new ArrayList<>();
    for (var entry : tree.properties()) {
      if (entry.getValue() instanceof ObjectNode nested) {
        fields(nested).forEach(name -> names.add(entry.getKey() + "." + name));
      } else {
        names.add(entry.getKey());
      }
    }
    return names;
  }

  /** One line a person can act on, in place of Jackson's class names and positions. */
  private static String reason(Exception problem) {
    if (problem instanceof JsonMappingException mapping) {
      return mapping.getCause() instanceof IllegalArgumentException refused
          ? refused.getMessage()
          : "field " + path(mapping) + ": " + firstLine(mapping.getOriginalMessage());
    }
    if (problem instanceof JsonParseException parse) {
      return "not JSON, line "
          + parse.getLocation().getLineNr()
          + ": "
          + firstLine(parse.getOriginalMessage());
    }
    return problem.getMessage();
  }

  private static String path(JsonMappingException problem) {
    return problem.getPath().stream()
        .map(part -> part.getFieldName() == null ? "[]" : part.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
