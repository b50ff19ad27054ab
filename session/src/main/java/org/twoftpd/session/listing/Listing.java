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
 * Makes one listing from its argument to its last line. It comes piece by piece, so that a transfer
 * can look after its connections between two pieces. Lines end with CR LF; {@link
 * Text#addListedName(byte[])} writes the names in them. They are sorted by bytes unless the client
 * asks for another {@link ListingOrder}; a directory of more than {@link NameList#MAX_NAMES}
 * entries comes in several sorted runs.
 *
 * <p>A listing tells nothing of a file that the session could not ask the kernel itself. It writes
 * one line for each file whatever the file's name, and its memory is bounded for any directory.
 */
public final class Listing implements AutoCloseable {
  /** Names the commands that list. STAT with a path uses LIST. */
  public enum Kind {
    LIST,
    NLST,
    MLSD,
    /** MLST makes one line. The caller adds the space before it, RFC 3659 section 7.2. */
    MLST
  }

  /**
   * The size in bytes that a buffer for {@link #fill} needs at least, so that the longest line
   * fits: a directory, a path and a link's target of the greatest length, after the longest
   * columns.
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
   * @param argument the command's argument: for LIST and NLST options and a path or pattern, for
   *     the others a path; when it is empty, the listing is of the working directory
   * @throws SystemCallException ENOENT when nothing is there, ENOTDIR for MLSD of a file, E2BIG
   *     when a pattern matches too much, EACCES and others from the kernel
   */
  public Listing(
      FileTree tree, VirtualPath workingDirectory, byte[] argument, Kind kind, ListingStyle style)
      throws SystemCallException {
    this(tree, workingDirectory, argument, kind, style, System.currentTimeMillis() / 1000);
  }

  /** Begins a listing at the time {@code now}, in seconds since 1970. */
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
          case LIST, NLST -> ListingOptions.parse(argument, tree, workingDirectory);
          case MLSD, MLST -> ListingOptions.NONE;
        };
    byte[] path = Arrays.copyOfRange(argument, options.pathOffset(), argument.length);
    VirtualPath whole = workingDirectory.resolve(path);
    LongFormat longFormat = new LongFormat(style.viewer(), options, now);
    FactFormat factFormat = new FactFormat(style);
    entries =
        switch (kind) {
          case LIST, NLST -> openMatching(path, whole);
          case MLSD -> openDirectory(whole);
          case MLST -> openExisting(path, whole);
        };
    format =
        switch (kind) {
          case LIST -> longFormat;
          case NLST ->
              options.longFormat() ? longFormat : new NameFormat(options, directoryPrefix(path));
          case MLSD, MLST -> factFormat;
        };
    if (kind == Kind.MLSD) {
      appendDirectoryLines(whole, factFormat);
    }
  }

  /** Opens a path or a pattern. A file whose name looks like a pattern is listed as that file. */
  private Entries openMatching(byte[] path, VirtualPath literal) throws SystemCallException {
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
    // A link to a directory lists the directory, as CWD enters it. It is shown as a link only among
    // the entries of the directory that holds it.
    boolean directory = status.isDirectory() || (status.isLink() && tree.leadsToDirectory(literal));
    if (directory && !options.directoryItself()) {
      return openDirectory(literal);
    }
    return openSingle(path.length == 0 ? HERE : path);
  }

  /**
   * Returns the text that NLST puts before the names in a directory, so that the client can use
   * each line as a path (RFC 1123 section 4.1.2.7): the directory as the client wrote it. It is
   * empty for the working directory, which clients write as nothing, "." or "./".
   */
  private byte[] directoryPrefix(byte[] path) {
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

  private Entries openExisting(byte[] path, VirtualPath whole) throws SystemCallException {
    tree.linkStatus(whole);
    return openSingle(path.length == 0 ? whole.bytes() : path);
  }

  private Entries openDirectory(VirtualPath directory) throws SystemCallException {
    byte[] buffer = new byte[Directory.BUFFER_SIZE];
    return new DirectoryEntries(tree.openDirectory(directory, buffer), options.order(), helper);
  }

  private Entries openSingle(byte[] path) throws SystemCallException {
    if (path.length > VirtualPath.MAX_LENGTH) {
      throw new SystemCallException(Errno.ENAMETOOLONG);
    }
    NameList one = new NameList();
    one.add(path, 0, path.length);
    return new NamedPaths(tree, workingDirectory, one, ListingOrder.BY_NAME);
  }

  /**
   * Writes the lines that MLSD begins with: the directory itself, and the one above unless that is
   * outside. The perm fact does not offer to delete or rename them, since "." and ".." cannot be.
   */
  private void appendDirectoryLines(VirtualPath directory, FactFormat facts) {
    try {
      facts.appendFacts(line, tree.status(directory), "cdir", false, null);
      line.add(".").endLine();
      if (!directory.isRoot()) {
        FileStatus above = tree.status(directory.parent());
        facts.appendFacts(line, above, "pdir", false, null);
        line.add("..").endLine();
      }
    } catch (SystemCallException e) {
      // The directory is gone or outside. The client asked for the entries, so these still come.
    }
  }

  /**
   * Writes as many whole lines to {@code buffer} as fit.
   *
   * @param buffer has at least {@link #MIN_BUFFER} bytes
   * @return the number of bytes written, or -1 at the end of the listing
   */
  public int fill(byte[] buffer) throws SystemCallException {
    if (buffer.length < MIN_BUFFER) {
      throw new IllegalArgumentException(
          "the buffer has " + buffer.length + " bytes but needs " + MIN_BUFFER);
    }
    filled = 0;
    // The loop only calls a method, because the virtual machine compiles a method that is called
    // often long before it compiles a loop that is entered seldom.
    while (fillLine(buffer)) {}
    return filled > 0 ? filled : -1;
  }

  /** Writes one more line. Returns false when there is none or it does not fit. */
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
