package io.mvq.setting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Single values: as text on a command line, typed in a record, as JSON in a file. */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Values() {}

  /** Text to what the component holds. */
  static Object parse(RecordComponent component, String flag, String text) {
    Class<?> type = component.getType();
    try {
      if (type == int.class) {
        return Integer.parseInt(text.trim());
      }
      if (type == long.class) {
        return Long.parseLong(text.trim());
      }
      if (type == double.class) {
        return Double.parseDouble(text.trim());
      }
      if (type == List.class) {
        requireIntegers(component);
        return text.isBlank()
            ? List.<Integer>of()
            : Arrays.stream(text.split(",")).map(one -> Integer.valueOf(one.trim())).toList();
      }
    } catch (NumberFormatException e) {
      throw Limits.bad(flag, "must be " + describe(type), text.isEmpty() ? "an empty text" : text);
    }
    if (type == boolean.class) {
      return truth(flag, text);
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(one -> text(one).equals(text.toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(() -> Limits.bad(flag, "must be one of " + names(type), text));
    }
    if (type == String.class) {
      return text;
    }
    throw new IllegalStateException("no settings of type " + component.getGenericType());
  }

  private static void requireIntegers(RecordComponent component) {
    if (!(component.getGenericType() instanceof ParameterizedType list)
        || list.getActualTypeArguments()[0] != Integer.class) {
      throw new IllegalStateException("a list of settings holds integers: " + component);
    }
  }

  private static boolean truth(String flag, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Limits.bad(flag, "must be true or false", text);
    };
  }

  /** What a component holds to text that {@link #parse} understands. */
  static String text(Object value) {
    if (value instanceof Enum<?> one) {
      return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Object::toString).collect(Collectors.joining(","));
    }
    return String.valueOf(value);
  }

  /** What a component holds as JSON. */
  static JsonNode json(Object value) {
    if (value instanceof Integer whole) {
      return JSON.numberNode(whole);
    }
    if (value instanceof Long whole) {
      return JSON.numberNode(whole);
    }
    if (value instanceof Double real) {
      return JSON.numberNode(real);
    }
    if (value instanceof Boolean truth) {
      return JSON.booleanNode(truth);
    }
    if (value instanceof List<?> list) {
      var array = JSON.arrayNode();
      list.forEach(one -> array.add(json(one)));
      return array;
    }
    return JSON.textNode(text(value));
  }

  /** JSON of the component's type to text; nothing is read as a type that it is not. */
  static String text(RecordComponent component, String field, JsonNode value) {
    Class<?> type = component.getType();
    boolean fits =
        type == int.class || type == long.class
            ? value.isIntegralNumber()
            : type == double.class
                ? value.isNumber()
                : type == boolean.class
                    ? value.isBoolean()
                    : type == List.class ? isIntegers(value) : value.isTextual();
    if (!fits) {
      throw new IllegalArgumentException(
          "field " + field + " must be " + describe(type) + ", got " + value);
    }
    if (value.isArray()) {
      StringBuilder text = new StringBuilder();
      value.forEach(one -> text.append(text.isEmpty() ? "" : ",").append(one.asText()));
      return text.toString();
    }
    return value.asText();
  }

  private static boolean isIntegers(JsonNode value) {
    boolean fits = value.isArray();
    for (JsonNode one : value) {
      fits &= one.isIntegralNumber();
    }
    return fits;
  }

  /** The values of an enum. */
  static String names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(Values::text).toList().toString();
  }

  private static String describe(Class<?> type) {
    return type == int.class || type == long.class
        ? "a whole number"
        : type == double.class
            ? "a number"
            : type == boolean.class
                ? "true or false"
                : type == List.class ? "whole numbers, e.g. 8,5,5" : "a text";
  }
}
