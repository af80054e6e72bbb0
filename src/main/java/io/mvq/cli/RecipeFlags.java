package io.mvq.cli;

import io.mvq.recipe.Recipe;
import io.mvq.setting.Setting;
import io.mvq.setting.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of a recipe as flags of a command, in the groups that the recipe's records make. */
final class RecipeFlags {
  private static final List<Setting> SETTINGS = Settings.all(Recipe.class);

  private RecipeFlags() {}

  /** Adds every flag to a command. */
  static void addTo(CommandLine command) {
    Map<String, List<Setting>> groups =
        SETTINGS.stream()
            .collect(
                Collectors.groupingBy(Setting::heading, LinkedHashMap::new, Collectors.toList()));
    int order = 0;
    for (var group : groups.entrySet()) {
      ArgGroupSpec.Builder options =
          ArgGroupSpec.builder()
              .exclusive(false)
              .validate(false)
              .order(order++)
              .heading("%n" + group.getKey() + ":%n");
      group.getValue().forEach(setting -> options.addArg(option(setting)));
      command.getCommandSpec().addArgGroup(options.build());
    }
  }

  private static OptionSpec option(Setting setting) {
    OptionSpec.Builder option =
        OptionSpec.builder("--" + setting.flag())
            .type(String.class)
            .paramLabel(setting.isSwitch() ? "true|false" : setting.label())
            .description(
                escaped(setting.help())
                    + " (default: "
                    + (setting.value().isEmpty() ? "none" : escaped(setting.value()))
                    + ")");
    return (setting.isSwitch() ? option.arity("0..1").fallbackValue("true") : option.arity("1"))
        .build();
  }

  private static String escaped(String text) {
    return text.replace("%", "%%");
  }

  /** The flags that the command line has, without dashes, with their values as they were given. */
  static Map<String, String> given(CommandSpec spec) {
    Map<String, String> given = new LinkedHashMap<>();
    for (Setting setting : SETTINGS) {
      OptionSpec option = spec.commandLine().getParseResult().matchedOption("--" + setting.flag());
      if (option != null) {
        given.put(setting.flag(), option.getValue());
      }
    }
    return given;
  }

  /** The default recipe with what the command line changed; only the outcome must be valid. */
  static Recipe recipe(CommandSpec spec) {
    return recipe(spec, Map.of());
  }

  /** The same with other defaults of some flags. */
  static Recipe recipe(CommandSpec spec, Map<String, String> defaults) {
    try {
      Map<String, String> all = new LinkedHashMap<>(defaults);
      all.putAll(given(spec));
      return Recipe.of(all);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + e.getMessage(), e);
    }
  }
}
