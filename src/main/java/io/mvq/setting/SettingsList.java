package io.mvq.setting;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The flags of a record and of all kinds that it may hold, in the order of their declaration. */
final class SettingsList {
  private static final String ONLY = "Only with --";

  private final Map<String, Setting> settings = new LinkedHashMap<>();

  SettingsList(Class<?> type) {
    visit(type, "Settings", "", Map.of(), "");
  }

  /** By flag. */
  Map<String, Setting> settings() {
    return settings;
  }

  private void visit(
      Class<?> type, String heading, String prefix, Map<String, String> defaults, String owner) {
    if (!type.isRecord()) {
      Choice choice = Settings.choice(type);
      String flag = prefix + choice.flag();
      String kinds =
          Arrays.stream(type.getPermittedSubclasses())
              .map(one -> Settings.nameOf(one) + " (" + one.getAnnotation(Kind.class).help() + ")")
              .collect(Collectors.joining(", "));
      add(
          new Setting(
              flag,
              "NAME",
              choice.value(),
              false,
              choice.help() + ": " + kinds,
              choice.heading(),
              owners(owner)));
      for (Class<?> kind : type.getPermittedSubclasses()) {
        String name = flag + " " + Settings.nameOf(kind);
        visit(kind, ONLY + name, prefix, defaults, name);
      }
      return;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      Flag flag = component.getAnnotation(Flag.class);
      if (flag == null) {
        Part part = Settings.part(component);
        visit(
            component.getType(),
            part.heading().isEmpty() ? heading : part.heading(),
            prefix + part.prefix(),
            Settings.changed(part),
            owner);
      } else {
        Class<?> held = component.getType();
        add(
            new Setting(
                prefix + flag.name(),
                held.isEnum() ? "NAME" : flag.label(),
                defaults.getOrDefault(flag.name(), flag.value()),
                held == boolean.class,
                held.isEnum() ? flag.help() + ": " + Values.names(held) : flag.help(),
                heading,
                owners(owner)));
      }
    }
  }

  private static List<String> owners(String owner) {
    return owner.isEmpty() ? List.of() : List.of(owner);
  }

  /** A flag of several kinds stands once, under the choice's heading. */
  private void add(Setting one) {
    settings.merge(
        one.flag(),
        one,
        (first, next) -> {
          Set<String> owners = new LinkedHashSet<>(first.owners());
          owners.addAll(next.owners());
          String owner = owners.isEmpty() ? " " : owners.iterator().next();
          Setting choice = settings.get(owner.substring(0, owner.indexOf(' ')));
          boolean shared = first.heading().startsWith(ONLY) && owners.size() > 1;
          return new Setting(
              first.flag(),
              first.label(),
              first.value(),
              first.isSwitch(),
              first.help(),
              shared ? choice.heading() : first.heading(),
              List.copyOf(owners));
        });
  }
}
