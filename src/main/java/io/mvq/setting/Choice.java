package io.mvq.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A sealed interface whose permitted records, each with a {@link Kind}, a flag chooses from. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Choice {
  /** The flag's name without its dashes; also the field that names the kind in a file. */
  String flag();

  /** The kind by default. */
  String value();

  /** What is chosen, in a line. */
  String help();

  /** Over the settings that several kinds share, in a command's help. */
  String heading();
}
