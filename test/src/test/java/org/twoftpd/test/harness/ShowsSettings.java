package org.twoftpd.test.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The settings whose effect a test shows through the real chain; SettingsShownTest counts them. */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface ShowsSettings {
  /** Names of settings. */
  String[] value();
}
