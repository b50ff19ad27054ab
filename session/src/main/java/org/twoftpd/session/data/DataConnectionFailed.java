package org.twoftpd.session.data;

/** Says that there is no data connection. The message is the text of the reply. */
public final class DataConnectionFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * The reply has the code 425.
   *
   * @param message tells the client why, as a whole sentence
   */
  public DataConnectionFailed(String message) {
    this(425, message);
  }

  /**
   * @param code the code of the reply
   * @param message tells the client why, as a whole sentence
   */
  public DataConnectionFailed(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** Returns the code of the reply. */
  public int code() {
    return code;
  }
}
