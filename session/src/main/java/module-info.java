/**
 * The unprivileged side: the gate, which talks before login, and the session, which talks after.
 */
module org.twoftpd.session {
  requires org.twoftpd.shared;
}
