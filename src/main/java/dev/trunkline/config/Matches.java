package dev.trunkline.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The regular expression that a text of the settings, or each of a list, has to match as a whole.
 * Checked by {@link SettingsCheck}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Matches {

  /** The regular expression. */
  String value();

  /**
   * What to say where it does not match, after the setting's name; it names the expression else.
   */
  String message() default "";
}
