/*
 * Trusted with nothing: how one name becomes one line.
 */
package org.twoftpd.session.listing;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.SystemCallException;

/** The format of a listing's lines. */
sealed interface LineFormat permits NameFormat, LongFormat, FactFormat {

  /**
   * Writes the line of the name that {@code entries} has just come to, without its end. Nothing,
   * when it is gone by now.
   */
  void append(Text out, Entries entries) throws SystemCallException;
}
