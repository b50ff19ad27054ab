/*
 * Trusted with nothing: the kernel resolves the path, from a descriptor that was opened once.  A path of the view has no
 * "..", so only symbolic links may lead out, as SOFTCHROOT says.
 */
package org.twoftpd.session.fs;

import org.twoftpd.shared.os.Native;

/**
 * The lookup of SOFTCHROOT, and of the whole tree.
 *
 * @param root a descriptor of the view's root, made with O_PATH; closed with this
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
