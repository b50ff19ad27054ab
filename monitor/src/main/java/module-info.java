/**
 * The privileged side: the monitor (root) and, apart from it, the credential module twoftpd-cvm.
 */
module org.twoftpd.monitor {
  requires org.twoftpd.shared;
  requires org.newsclub.net.unix;
  requires static org.jnrproject.posix;
  requires static org.jnrproject.jffi;
}
