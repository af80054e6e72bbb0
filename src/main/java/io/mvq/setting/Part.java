package io.mvq.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A component that is a record of settings itself. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Part {
  /** Over its settings in a command's help; empty to go under its owner's. */
  String heading() default "";

  /** Put before its flags' names, e.g. {@code prior-}. */
  String prefix() default "";

  /** Defaults that are other ones here, as {@code name=value}. */
  String[] defaults() default {};
}
