package org.twoftpd.shared.config;

/** What a session takes for the root of the file system. */
public enum RootKind {
  /** The home directory, by chroot(2). */
  CHROOT,
  /** The home directory, by the names alone, so that symbolic links may lead out. */
  SOFTCHROOT,
  /** The real root, with every path outside the home directory refused. */
  LOCKHOME,
  /** The real root. */
  NONE
}
