/*
 * Trusted with nothing: four names.
 */
package org.twoftpd.shared.config;

/** What a session takes for the root of the file system. */
public enum RootKind {
  /** HOME, by chroot(2). */
  CHROOT,
  /** HOME, by the names alone: symbolic links may lead out. */
  SOFTCHROOT,
  /** The real root, with every path outside HOME refused. */
  LOCKHOME,
  /** The real root. */
  NONE
}
