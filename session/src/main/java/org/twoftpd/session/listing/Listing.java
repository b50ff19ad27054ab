/*
 * Trusted with the answer to "what is there": says nothing of a file that its session could not ask the kernel itself,
 * one line for one file whatever its name, and bounded memory for any directory.
 */
package org.twoftpd.session.listing;

import java.util.Arrays;
import org.twoftpd.session.fs.Directory;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * One listing from its argument to its last line. It is produced piece by piece, so that a transfer
 * can look after its connections between two pieces. Lines end with CR LF; names stand in them as
 * {@link Text#addListedName(byte[])} writes them, sorted by bytes unless another {@link
 * ListingOrder} is asked for. What is shown of a directory is sorted as far as it can be held: of
 * more than {@link NameList#MAX_NAMES} entries one run follows the other.
 */
public final class Listing implements AutoCloseable {
  /** The commands that list. LIST is also for STAT with a path. */
  public enum Kind {
    LIST,
    NLST,
    MLSD,
    /** One line, without the space that RFC 3659 section 7.2 puts before it. */
    MLST
  }

  /**
   * The least room to {@link #fill}: a directory, a path and a link's target of the greatest length
   * each, and what is before.
   */
  public static final int MIN_BUFFER = 16_384;

  private static final byte[] HERE = {'.'};
  private static final byte[] NOTHING = {};

  private final FileTree tree;
  private final VirtualPath workingDirectory;
  private final StatusHelper helper;
  private final ListingOptions options;
  private final LineFormat format;
  private final Entries entries;
  private final Text line = new Text();
  private int filled;

  /**
   * Begins a listing.
   *
   * @param argument of the command: options and a path, or a pattern, for LIST and NLST, a path for
   *     the others; empty for the working directory
   * @throws SystemCallException ENOENT when nothing is there, ENOTDIR for MLSD of a file, E2BIG
   *     when a pattern matches too much, EACCES and others from the kernel
   */
  public Listing(
      FileTree tree, VirtualPath workingDirectory, byte[] argument, Kind kind, ListingStyle style)
      throws SystemCallException {
    this(tree, workingDirectory, argument, kind, style, System.currentTimeMillis() / 1000);
  }

  /** As above, with a clock that can be set. */
  Listing(
      FileTree tree,
      VirtualPath workingDirectory,
      byte[] argument,
      Kind kind,
      ListingStyle style,
      long now)
      throws SystemCallException {
    this.tree = tree;
    this.workingDirectory = workingDirectory;
    this.helper = style.helper();
    this.options =
        switch (kind) {
          case LIST, NLST -> ListingOptions.of(argument, tree, workingDirectory);
          case MLSD, MLST -> ListingOptions.NONE;
        };
    byte[] path = Arrays.copyOfRange(argument, options.end(), argument.length);
    VirtualPath whole = workingDirectory.resolve(path);
    LongFormat longFormat = new LongFormat(style.viewer(), options, now);
    FactFormat factFormat = new FactFormat(style);
    entries =
        switch (kind) {
          case LIST, NLST -> matching(path, whole);
          case MLSD -> inside(whole);
          case MLST -> thing(path, whole);
        };
    format =
        switch (kind) {
          case LIST -> longFormat;
          case NLST -> options.longFormat() ? longFormat : new NameFormat(options, before(path));
          case MLSD, MLST -> factFormat;
        };
    if (kind == Kind.MLSD) {
      directoryLines(whole, factFormat);
    }
  }

  /** A name that exists is that name, even when it could be read as a pattern. */
  private Entries matching(byte[] path, VirtualPath literal) throws SystemCallException {
    FileStatus status;
    try {
      status = tree.linkStatus(literal);
    } catch (SystemCallException e) {
      if (!NamePattern.isPattern(path, 0, path.length)) {
        throw e;
      }
      NameList found = PathExpansion.expand(tree, workingDirectory, path);
      return new NamedPaths(tree, workingDirectory, found, options.order());
    }
    // A link to a directory is entered, as CWD does; only among others is it shown as a link.
    boolean directory = status.isDirectory() || (status.isLink() && tree.leadsToDirectory(literal));
    if (directory && !options.itself()) {
      return inside(literal);
    }
    return only(path.length == 0 ? HERE : path);
  }

  /**
   * What NLST puts before the names that are in a directory, so that they can be used as they are
   * told (RFC 1123, 4.1.2.7): the directory as it was asked for. Nothing for the working directory,
   * by whichever of its usual names.
   */
  private byte[] before(byte[] path) {
    int length = path.length;
    boolean bare =
        length == 0 || Ascii.equalsIgnoreCase(path, ".") || Ascii.equalsIgnoreCase(path, "./");
    if (bare || !(entries instanceof DirectoryEntries)) {
      return NOTHING;
    }
    if (path[length - 1] == '/') {
      return path;
    }
    byte[] directory = Arrays.copyOf(path, length + 1);
    directory[length] = '/';
    return directory;
  }

  private Entries thing(byte[] path, VirtualPath whole) throws SystemCallException {
    tree.linkStatus(whole);
    return only(path.length == 0 ? whole.bytes() : path);
  }

  private Entries inside(VirtualPath directory) throws SystemCallException {
    byte[] buffer = new byte[Directory.BUFFER_SIZE];
    return new DirectoryEntries(tree.openDirectory(directory, buffer), options.order(), helper);
  }

  private Entries only(byte[] path) throws SystemCallException {
    if (path.length > VirtualPath.MAX_LENGTH) {
      throw new SystemCallException(Errno.ENAMETOOLONG);
    }
    NameList one = new NameList();
    one.add(path, 0, path.length);
    return new NamedPaths(tree, workingDirectory, one, ListingOrder.BY_NAME);
  }

  /**
   * The lines that MLSD puts first: the directory itself, and the one above unless that lies
   * outside. What may be done to them is not told: they are moved by other names.
   */
  private void directoryLines(VirtualPath directory, FactFormat facts) {
    try {
      facts.append(line, tree.status(directory), "cdir", false, null);
      line.add(".").endLine();
      if (!directory.isRoot()) {
        FileStatus above = tree.status(directory.parent());
        facts.append(line, above, "pdir", false, null);
        line.add("..").endLine();
      }
    } catch (SystemCallException e) {
      // Gone, or outside: the entries are what was asked for.
    }
  }

  /**
   * Writes as many whole lines to {@code buffer} as there is room for.
   *
   * @param buffer of {@link #MIN_BUFFER} at least
   * @return the number of bytes, -1 at the end of the listing
   */
  public int fill(byte[] buffer) throws SystemCallException {
    if (buffer.length < MIN_BUFFER) {
      throw new IllegalArgumentException("a line may not fit");
    }
    filled = 0;
    // What a loop calls is compiled long before a loop that is entered seldom: nothing else in it.
    while (fillLine(buffer)) {}
    return filled > 0 ? filled : -1;
  }

  /** One line more; false when there is none, or no room for it. */
  private boolean fillLine(byte[] buffer) throws SystemCallException {
    if (line.length() == 0 && !nextLine()) {
      return false;
    }
    int length = line.length();
    if (length > buffer.length - filled) {
      return false;
    }
    System.arraycopy(line.array(), 0, buffer, filled, length);
    filled += length;
    line.clear();
    return true;
  }

  private boolean nextLine() throws SystemCallException {
    while (line.length() == 0) {
      if (!entries.next()) {
        return false;
      }
      format.append(line, entries);
    }
    line.endLine();
    return true;
  }

  @Override
  public void close() {
    entries.close();
  }
}
