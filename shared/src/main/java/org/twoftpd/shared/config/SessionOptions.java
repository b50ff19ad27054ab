/*
 * Trusted with what an administrator has decided for one session: the monitor makes it, a session obeys it.
 */
package org.twoftpd.shared.config;

/** What a session may and shall do beyond its table: one value for each {@link SessionOption}. */
public final class SessionOptions {
  private final Object[] values;

  private SessionOptions(Object[] values) {
    this.values = values;
  }

  /** What holds for sessions of a table when nothing is set. */
  public static SessionOptions defaults(Table table) {
    SessionOption<?>[] rows = SessionOption.rows();
    Object[] values = new Object[rows.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows[i].standard(table);
    }
    return new SessionOptions(values);
  }

  /**
   * Options as they came over the wire.
   *
   * @param values one for each row, in the order of the rows and of the rows' types
   */
  public static SessionOptions of(Object[] values) {
    return new SessionOptions(values);
  }

  /** The value of one option. */
  @SuppressWarnings("unchecked") // what is put in a row's place has the row's type
  public <T> T get(SessionOption<T> option) {
    return (T) values[option.index()];
  }

  /** The same options but for one. */
  public <T> SessionOptions with(SessionOption<T> option, T value) {
    Object[] changed = values.clone();
    changed[option.index()] = value;
    return new SessionOptions(changed);
  }

  /** Seconds until a data connection is there; at least 1. */
  public int connectSeconds() {
    int seconds = get(SessionOption.CONNECT_TIMEOUT);
    return seconds > 0 ? seconds : get(SessionOption.TIMEOUT);
  }
}
