package io.mvq.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The setting that a record's component is. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Flag {
  /** The flag's name without its dashes, e.g. {@code code-width}; one meaning everywhere. */
  String name();

  /** The default, as a command line would give it. */
  String value();

  /** What to give, in one word. */
  String label() default "N";

  /** What it is, in a line: unit, what 0 means. */
  String help();
}
