package org.twoftpd.session.fs;

import org.twoftpd.shared.os.Native;

/**
 * This lookup serves SOFTCHROOT, and accounts that see the whole tree. The kernel resolves the
 * path, from a descriptor that was opened once. A path of the view has no "..", so only symbolic
 * links can lead out, which SOFTCHROOT permits.
 *
 * @param root a descriptor of the view's root, made with O_PATH, which this object closes
 */
record KernelLookup(int root) implements Lookup {
  @Override
  public Place find(VirtualPath path, boolean followLast) {
    return new Place(root, path.relative(), followLast, true, false);
  }

  @Override
  public void close() {
    Native.close(root);
  }
}
