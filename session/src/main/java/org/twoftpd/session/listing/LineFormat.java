package org.twoftpd.session.listing;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.SystemCallException;

/** Formats one name of a listing as one line. */
sealed interface LineFormat permits NameFormat, LongFormat, FactFormat {

  /**
   * Writes the line of the current name of {@code entries}, without CR LF. Writes nothing when the
   * file is gone by now.
   */
  void append(Text out, Entries entries) throws SystemCallException;
}
