package io.mvq.setting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records of settings as JSON objects, one object a part. */
public final class SettingsJson {
  private SettingsJson() {}

  /** Every field. */
  public static ObjectNode write(Record record) {
    return write(record, record.getClass(), "", null);
  }

  /** Only the kinds and what differs from the defaults: what stays right when fields are added. */
  public static ObjectNode writeChanges(Record record) {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds(record, record.getClass(), "", kinds);
    Record plain = Settings.make(record.getClass(), kinds);
    return write(record, record.getClass(), "", Settings.of(plain));
  }

  /** The kinds that were chosen, by flag. */
  private static void kinds(
      Object value, Class<?> declared, String prefix, Map<String, String> kinds) {
    if (!declared.isRecord()) {
      kinds.put(prefix + Settings.choice(declared).flag(), Settings.nameOf(value.getClass()));
    }
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      if (component.getAnnotation(Flag.class) == null) {
        String inner = prefix + Settings.part(component).prefix();
        kinds(Settings.held(component, value), component.getType(), inner, kinds);
      }
    }
  }

  private static ObjectNode write(
      Object value, Class<?> declared, String prefix, Map<String, String> defaults) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (!declared.isRecord()) {
      node.put(Settings.choice(declared).flag(), Settings.nameOf(value.getClass()));
    }
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object held = Settings.held(component, value);
      Flag flag = component.getAnnotation(Flag.class);
      if (flag == null) {
        ObjectNode part =
            write(held, component.getType(), prefix + Settings.part(component).prefix(), defaults);
        if (!part.isEmpty()) {
          node.set(component.getName(), part);
        }
      } else if (defaults == null
          || !Values.text(held).equals(defaults.get(prefix + flag.name()))) {
        node.set(component.getName(), Values.json(held));
      }
    }
    return node;
  }

  /**
   * The flags of an object as {@link #write} made it; fields may be missing.
   *
   * @throws IllegalArgumentException naming a field that is unknown or of another type
   */
  public static Map<String, String> flags(JsonNode object, Class<?> type) {
    Map<String, String> flags = new LinkedHashMap<>();
    read(object, type, "", "", flags);
    return flags;
  }

  private static void read(
      JsonNode object, Class<?> declared, String prefix, String path, Map<String, String> flags) {
    if (!object.isObject()) {
      throw new IllegalArgumentException(
          (path.isEmpty() ? "it" : "field " + path) + " must be a JSON object");
    }
    String before = path.isEmpty() ? "" : path + ".";
    Class<?> type = declared;
    List<String> known = new ArrayList<>();
    if (!declared.isRecord()) {
      Choice choice = Settings.choice(declared);
      known.add(choice.flag());
      String name = object.path(choice.flag()).asText(choice.value());
      type = Settings.kind(declared, before + choice.flag(), name);
      flags.put(prefix + choice.flag(), name);
    }
    for (RecordComponent component : type.getRecordComponents()) {
      known.add(component.getName());
      JsonNode value = object.get(component.getName());
      if (value == null) {
        continue;
      }
      Flag flag = component.getAnnotation(Flag.class);
      String field = before + component.getName();
      if (flag == null) {
        String inner = prefix + Settings.part(component).prefix();
        read(value, component.getType(), inner, field, flags);
      } else {
        flags.put(prefix + flag.name(), Values.text(component, field, value));
      }
    }
    for (var field : object.properties()) {
      if (!known.contains(field.getKey())) {
        throw new UnknownFieldException(before + field.getKey(), known);
      }
    }
  }
}
