package io.mvq.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.Version;
import io.mvq.files.StrictJson;
import io.mvq.setting.SettingsJson;
import io.mvq.setting.UnknownFieldException;
import java.util.Map;

/**
 * Recipes as JSON. A field that a file lacks takes its default; unknown, doubled and ill-typed ones
 * are refused. Where a later program changes a default or a field's meaning, {@link #FORMAT} rises
 * and the former default is given to older files here.
 */
public final class RecipeJson {
  /**
   * The format this program writes; it also reads {@value FormatTwo#FORMAT}, {@value
   * FormatThree#FORMAT} and {@value FormatFour#FORMAT}.
   */
  public static final int FORMAT = 5;

  private static final ObjectMapper MAPPER =
      StrictJson.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private RecipeJson() {}

  /** Every field, indented, ending in a newline; names the mvq that wrote it. */
  public static String write(Recipe recipe) {
    ObjectNode tree = head(SettingsJson.write(recipe));
    tree.put("mvq", Version.NUMBER);
    try {
      return MAPPER.writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recipe is always writable", e);
    }
  }

  /** What differs from the defaults: as short as a list of results wants it. */
  public static ObjectNode changes(Recipe recipe) {
    return head(SettingsJson.writeChanges(recipe));
  }

  private static ObjectNode head(ObjectNode fields) {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("format", FORMAT);
    tree.setAll(fields);
    return tree;
  }

  /**
   * Reads what {@link #write} wrote, also that of older programs.
   *
   * @param source what to call the text in errors, e.g. its file
   */
  public static Recipe read(String json, String source) {
    try {
      return read(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      throw new IllegalArgumentException(source + ": not JSON" + line + ": " + reason, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }

  /** Reads one that is part of a larger file. */
  public static Recipe read(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("it must be a JSON object");
    }
    JsonNode format = json.path("format");
    if (!format.isInt()) {
      throw new IllegalArgumentException("field format must be a whole number, got " + format);
    }
    int number = format.asInt();
    if (number == FormatTwo.FORMAT) {
      return Recipe.ofApplicable(older(number, FormatTwo.flags(json)));
    }
    String writer = json.path("mvq").asText("another version");
    if (number < FormatTwo.FORMAT || number > FORMAT) {
      throw new IllegalArgumentException(
          "recipe format "
              + format
              + (number > FORMAT
                  ? " of mvq "
                      + writer
                      + " is newer than the "
                      + FORMAT
                      + " that mvq "
                      + Version.NUMBER
                      + " reads; update mvq"
                  : " is of an mvq with other networks, this one reads "
                      + FormatTwo.FORMAT
                      + " to "
                      + FORMAT
                      + "; train again"));
    }
    ObjectNode fields = json.deepCopy();
    fields.remove("format");
    fields.remove("mvq");
    try {
      return Recipe.ofAll(older(number, SettingsJson.flags(fields, Recipe.class)));
    } catch (UnknownFieldException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; it was written by mvq " + writer + ", this is " + Version.NUMBER, e);
    }
  }

  /** Flags with the defaults of the format that they were written in. */
  private static Map<String, String> older(int format, Map<String, String> flags) {
    Map<String, String> all = flags;
    if (format <= FormatThree.FORMAT) {
      all = FormatThree.completed(all);
    }
    return format <= FormatFour.FORMAT ? FormatFour.completed(all) : all;
  }
}
