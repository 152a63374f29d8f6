package dev.trunkline.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a number or a duration of the settings has to lie between, both ends included; written as in
 * the settings themselves. Checked by {@link SettingsCheck}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Bounds {

  /** {@code 1}, or {@code 100ms}. */
  String atLeast();

  /** {@code 10000}, or {@code 24h}; without limit where it is empty. */
  String atMost() default "";
}
