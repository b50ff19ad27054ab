/**
 * What monitor, gate, session and credential module have in common: system calls, messages, the CVM
 * protocol, settings, log lines.
 */
module org.twoftpd.shared {
  // Only the monitor has it; a gate or a session starts without.
  requires static org.newsclub.net.unix;

  exports org.twoftpd.shared.config;
  exports org.twoftpd.shared.cvm;
  exports org.twoftpd.shared.fd;
  exports org.twoftpd.shared.log;
  exports org.twoftpd.shared.os;
  exports org.twoftpd.shared.policy;
  exports org.twoftpd.shared.text;
  exports org.twoftpd.shared.tls;
  exports org.twoftpd.shared.wire;
}
