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
   * Makes options of what came over the wire.
   *
   * @param values one for each row, in the order of the rows, each of its row's type
   */
  public static SessionOptions of(Object[] values) {
    return new SessionOptions(values);
  }

  /** The value of one option. */
  @SuppressWarnings("unchecked") // what is put in a row's place has the row's type
  public <T> T get(SessionOption<T> option) {
    return (T) values[option.index()];
  }

  /** A copy of these options with another value for one. */
  public <T> SessionOptions with(SessionOption<T> option, T value) {
    Object[] changed = values.clone();
    changed[option.index()] = value;
    return new SessionOptions(changed);
  }

  /** How many seconds a data connection may take to be made; at least 1. */
  public int connectSeconds() {
    int seconds = get(SessionOption.CONNECT_TIMEOUT);
    return seconds > 0 ? seconds : get(SessionOption.TIMEOUT);
  }
}
