/*
 * Trusted with nothing: says that there is no data connection, in words for the 425 reply.
 */
package org.twoftpd.session.data;

/** No data connection. */
public final class DataConnectionFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message why, for the client
   */
  public DataConnectionFailed(String message) {
    super(message, null, false, false);
  }
}
