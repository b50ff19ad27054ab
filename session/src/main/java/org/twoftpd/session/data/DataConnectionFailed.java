package org.twoftpd.session.data;

/** Says that there is no data connection. The message is the text of the 425 reply. */
public final class DataConnectionFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message tells the client why, as a whole sentence
   */
  public DataConnectionFailed(String message) {
    super(message, null, false, false);
  }
}
