package org.twoftpd.session.data;

import org.twoftpd.shared.os.SystemCallException;

/**
 * Makes the lines of a listing as they are wanted, so that a listing of any size needs one buffer.
 */
public interface LineSource {
  /**
   * Fills {@code buffer} with as many whole lines as fit.
   *
   * @return how many bytes are in the buffer; -1 at the end
   */
  int fill(byte[] buffer) throws SystemCallException;
}
