/** What monitor, gate and session have in common: system calls, messages, settings, log lines. */
module org.twoftpd.shared {
  exports org.twoftpd.shared.os;
}
