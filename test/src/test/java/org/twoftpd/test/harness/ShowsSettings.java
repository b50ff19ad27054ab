package org.twoftpd.test.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the settings whose effect a test shows on the real chain; SettingsShownTest reads it. */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface ShowsSettings {
  /** Names of settings. */
  String[] value();
}
