/*
 * Trusted to keep a path inside HOME. With LOCKHOME, where no chroot does that, the view is the
 * real tree, and a path is refused when it lies outside HOME once every symbolic link is resolved.
 * In a chroot the kernel's own lookup is not enough: it asks a directory for "..", so somebody who
 * moves the directory out at that moment would lead the path outside.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.AT_FDCWD;

import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * This lookup serves LOCKHOME and CHROOT. openat2(2) with RESOLVE_BENEATH would do much of this in
 * one call. But its flags lie in memory, where the session's kernel filter cannot see them, so the
 * filter refuses that call.
 */
final class HomeLookup implements Lookup {
  final int home;

  /** The account has HOME in this form, which may have links in it. */
  final VirtualPath givenPath;

  final VirtualPath realPath;
  final boolean jailed;

  /**
   * Holds the target of one link. One array is enough, since a walk is over before the next one
   * begins.
   */
  final byte[] target = new byte[VirtualPath.MAX_LENGTH];

  private HomeLookup(int home, VirtualPath givenPath, VirtualPath realPath, boolean jailed) {
    this.home = home;
    this.givenPath = givenPath;
    this.realPath = realPath;
    this.jailed = jailed;
  }

  /**
   * Makes the lookup for LOCKHOME.
   *
   * @param home a descriptor of {@code givenPath}, made with O_PATH, which this object closes
   */
  static HomeLookup below(int home, VirtualPath givenPath) throws SystemCallException {
    return new HomeLookup(home, givenPath, readRealPath(home, givenPath), false);
  }

  /**
   * Makes the lookup for a chroot.
   *
   * @param root a descriptor of its root, made with O_PATH, which this object closes
   */
  static HomeLookup inJail(int root) {
    return new HomeLookup(root, VirtualPath.ROOT, VirtualPath.ROOT, true);
  }

  /**
   * Returns HOME without links. Without /proc it returns {@code givenPath}, and then a path that
   * takes the links to HOME again is refused.
   */
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
