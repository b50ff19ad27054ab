package org.twoftpd.session.listing;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Formats the lines of NLST. It asks for a file's status only when the options ask for marks.
 *
 * @param directory the text before each name, which ends with a slash or is empty
 */
record NameFormat(ListingOptions options, byte[] directory) implements LineFormat {
  @Override
  public void append(Text out, Entries entries) throws SystemCallException {
    FileStatus status = options.hasMarks() ? entries.status() : FileStatus.UNKNOWN;
    if (status != null) {
      out.addListedName(directory);
      entries.appendName(out);
      options.appendMark(out, status);
    }
  }
}
