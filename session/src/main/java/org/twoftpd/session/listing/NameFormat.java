/*
 * Trusted with nothing: the name, and a mark where one was asked for.
 */
package org.twoftpd.session.listing;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The format of NLST. Asks nothing of a file of which only the name is shown.
 *
 * @param directory what stands before each name, a slash at its end; empty for nothing
 */
record NameFormat(ListingOptions options, byte[] directory) implements LineFormat {
  @Override
  public void append(Text out, Entries entries) throws SystemCallException {
    FileStatus status = options.hasMarks() ? entries.status() : FileStatus.UNKNOWN;
    if (status != null) {
      out.addListedName(directory);
      entries.appendName(out);
      options.mark(out, status);
    }
  }
}
