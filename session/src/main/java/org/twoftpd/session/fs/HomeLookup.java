/*
 * Trusted to keep a path inside HOME: where no chroot does (LOCKHOME) the view is the real tree, and what lies outside
 * HOME once every symbolic link is resolved is refused; in a chroot a directory that somebody moves out while the kernel
 * looks a path up would lead it outside, since the kernel asks such a directory for "..".
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.AT_FDCWD;

import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The lookup of LOCKHOME and CHROOT. (openat2 with RESOLVE_BENEATH would do much of this in one
 * call, but its flags lie in memory, where the session's kernel filter cannot see them, so it is
 * switched off.)
 */
final class HomeLookup implements Lookup {
  final int home;

  /** HOME as the account has it, which may lead over links. */
  final VirtualPath givenPath;

  final VirtualPath realPath;
  final boolean jailed;

  /** For one link at a time: a walk is over before the next one begins. */
  final byte[] target = new byte[VirtualPath.MAX_LENGTH];

  private HomeLookup(int home, VirtualPath givenPath, VirtualPath realPath, boolean jailed) {
    this.home = home;
    this.givenPath = givenPath;
    this.realPath = realPath;
    this.jailed = jailed;
  }

  /**
   * The lookup below {@code givenPath}.
   *
   * @param home a descriptor of it, made with O_PATH; closed with this
   */
  static HomeLookup below(int home, VirtualPath givenPath) throws SystemCallException {
    return new HomeLookup(home, givenPath, readRealPath(home, givenPath), false);
  }

  /**
   * The lookup in a chroot.
   *
   * @param root a descriptor of it, made with O_PATH; closed with this
   */
  static HomeLookup inJail(int root) {
    return new HomeLookup(root, VirtualPath.ROOT, VirtualPath.ROOT, true);
  }

  /** Without /proc, links on the way to HOME are not understood when a path takes them again. */
  private static VirtualPath readRealPath(int home, VirtualPath givenPath)
      throws SystemCallException {
    byte[] target = new byte[VirtualPath.MAX_LENGTH];
    int length = Native.readlinkat(AT_FDCWD, Place.procPathOf(home), target);
    return length < 0 ? givenPath : VirtualPath.ROOT.resolve(target, 0, length);
  }

  @Override
  public Place find(VirtualPath path, boolean followLast) throws SystemCallException {
    return new HomeWalk(this, followLast).findPlace(path.bytes());
  }

  @Override
  public void close() {
    Native.close(home);
  }
}
