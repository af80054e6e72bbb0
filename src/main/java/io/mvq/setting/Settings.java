package io.mvq.setting;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records of settings from flags and back. Flags are named without their dashes. */
public final class Settings {
  private Settings() {}

  /**
   * Makes a record: what is not given takes its default. Limits are checked on the outcome alone.
   *
   * @param type a record, or a sealed interface with a {@link Choice}
   * @param given flags to values, as text
   * @throws IllegalArgumentException naming the flag: unknown, not of the kinds that were chosen,
   *     no value of its type, or beyond its limit
   */
  public static <T> T make(Class<T> type, Map<String, String> given) {
    Set<String> used = new LinkedHashSet<>();
    T made = make(type, "", Map.of(), given, used);
    for (String flag : given.keySet()) {
      if (!used.contains(flag)) {
        throw foreign(type, flag, given.get(flag), of((Record) made));
      }
    }
    return made;
  }

  /** Like {@link #make}, without the flags of kinds that were not chosen: for shared defaults. */
  public static <T> T makeOf(Class<T> type, Map<String, String> given) {
    return make(type, "", Map.of(), given, new LinkedHashSet<>());
  }

  private static <T> T make(
      Class<T> type,
      String prefix,
      Map<String, String> defaults,
      Map<String, String> given,
      Set<String> used) {
    if (!type.isRecord()) {
      Choice choice = choice(type);
      String flag = prefix + choice.flag();
      used.add(flag);
      String kind = given.getOrDefault(flag, defaults.getOrDefault(choice.flag(), choice.value()));
      return type.cast(make(kind(type, flag, kind), prefix, defaults, given, used));
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      Flag flag = component.getAnnotation(Flag.class);
      if (flag == null) {
        Part part = part(component);
        values[i] = make(component.getType(), prefix + part.prefix(), changed(part), given, used);
      } else {
        String name = prefix + flag.name();
        used.add(name);
        String text = given.getOrDefault(name, defaults.getOrDefault(flag.name(), flag.value()));
        values[i] = Values.parse(component, name, text);
      }
    }
    return construct(type, components, values, prefix);
  }

  private static <T> T construct(
      Class<T> type, RecordComponent[] components, Object[] values, String prefix) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return type.getConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw prefix.isEmpty()
            ? refused
            : new IllegalArgumentException(prefix + refused.getMessage(), refused);
      }
      throw new IllegalStateException("cannot make " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings must be a public record: " + type, e);
    }
  }

  /** Every flag of a record that was made, with its value, those of its kinds first. */
  public static Map<String, String> of(Record record) {
    Map<String, String> flags = new LinkedHashMap<>();
    collect(record, record.getClass(), "", flags);
    return flags;
  }

  private static void collect(
      Object value, Class<?> declared, String prefix, Map<String, String> flags) {
    if (!declared.isRecord()) {
      flags.put(prefix + choice(declared).flag(), nameOf(value.getClass()));
    }
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Flag flag = component.getAnnotation(Flag.class);
      Object held = held(component, value);
      if (flag == null) {
        collect(held, component.getType(), prefix + part(component).prefix(), flags);
      } else {
        flags.put(prefix + flag.name(), Values.text(held));
      }
    }
  }

  /** Every flag there is, for a command line: those of all kinds, each once. */
  public static List<Setting> all(Class<?> type) {
    return List.copyOf(new SettingsList(type).settings().values());
  }

  /** Says whose a flag is that these settings do not have. */
  private static IllegalArgumentException foreign(
      Class<?> type, String flag, String value, Map<String, String> made) {
    Setting known = new SettingsList(type).settings().get(flag);
    if (known == null) {
      return new IllegalArgumentException("unknown setting " + flag);
    }
    Map<String, Set<String>> kinds = new LinkedHashMap<>();
    for (String owner : known.owners()) {
      int space = owner.indexOf(' ');
      kinds
          .computeIfAbsent(owner.substring(0, space), name -> new LinkedHashSet<>())
          .add(owner.substring(space + 1));
    }
    List<String> belongs = new ArrayList<>();
    List<String> chosen = new ArrayList<>();
    kinds.forEach(
        (choice, names) -> {
          belongs.add(choice + " " + String.join(", ", names));
          chosen.add(made.containsKey(choice) ? choice + " " + made.get(choice) : "no " + choice);
        });
    return Limits.bad(
        flag,
        "belongs to " + String.join(" or ", belongs) + ", here is " + String.join(", ", chosen),
        value);
  }

  static Choice choice(Class<?> type) {
    Choice choice = type.getAnnotation(Choice.class);
    if (choice == null) {
      throw new IllegalStateException(type + " is neither a record nor a choice of records");
    }
    return choice;
  }

  static Part part(RecordComponent component) {
    Part part = component.getAnnotation(Part.class);
    if (part == null) {
      throw new IllegalStateException(component + " is neither a flag nor a part");
    }
    return part;
  }

  /** A part's own defaults, by flag. */
  static Map<String, String> changed(Part part) {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (String one : part.defaults()) {
      int equals = one.indexOf('=');
      defaults.put(one.substring(0, equals), one.substring(equals + 1));
    }
    return defaults;
  }

  /** The record that a choice's flag names. */
  static Class<?> kind(Class<?> type, String flag, String name) {
    return Arrays.stream(type.getPermittedSubclasses())
        .filter(one -> nameOf(one).equals(name))
        .findFirst()
        .orElseThrow(() -> Limits.bad(flag, "must be one of " + kinds(type), name));
  }

  /** The names that a choice's flag takes. */
  static List<String> kinds(Class<?> type) {
    return Arrays.stream(type.getPermittedSubclasses()).map(Settings::nameOf).toList();
  }

  static String nameOf(Class<?> kind) {
    return kind.getAnnotation(Kind.class).value();
  }

  static Object held(RecordComponent component, Object owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings must be a public record: " + owner.getClass(), e);
    }
  }
}
