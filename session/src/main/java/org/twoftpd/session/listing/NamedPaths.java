package org.twoftpd.session.listing;

import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/** Lists paths as the client wrote them: one file, or all that a pattern has matched. */
final class NamedPaths implements Entries {
  private final FileTree tree;
  private final VirtualPath directory;
  private final NameList paths;
  private byte[] path = {};
  private int next;

  /**
   * Makes entries of paths.
   *
   * @param directory the directory that relative paths begin at
   * @param paths the paths, sorted by bytes
   */
  NamedPaths(FileTree tree, VirtualPath directory, NameList paths, ListingOrder order)
      throws SystemCallException {
    this.tree = tree;
    this.directory = directory;
    this.paths = paths;
    if (order.needsStatus()) {
      long[] keys = new long[paths.size()];
      for (int i = 0; i < keys.length; i++) {
        path = paths.get(i);
        keys[i] = order.sortKey(status());
      }
      paths.reorder(ListingOrder.sortDescending(keys));
    }
    if (order.reversed()) {
      paths.reverse();
    }
  }

  @Override
  public boolean next() {
    if (next == paths.size()) {
      return false;
    }
    path = paths.get(next++);
    return true;
  }

  @Override
  public void appendName(Text out) {
    out.addListedName(path);
  }

  @Override
  public FileStatus status() throws SystemCallException {
    try {
      return tree.linkStatus(directory.resolve(path));
    } catch (SystemCallException e) {
      return e.errno() == Errno.ENOENT ? null : FileStatus.UNKNOWN;
    }
  }

  @Override
  public byte[] target() throws SystemCallException {
    return tree.readLink(directory.resolve(path));
  }

  @Override
  public FileStatus writableParent() throws SystemCallException {
    VirtualPath whole = directory.resolve(path);
    VirtualPath parent = whole.parent();
    return !whole.isRoot() && tree.isWritable(parent) ? tree.status(parent) : null;
  }

  @Override
  public void close() {}
}
