package org.twoftpd.monitor.client;

/**
 * A listening socket.
 *
 * @param fd does not block
 * @param overTls whether its clients begin with TLS, before they are greeted
 */
public record Listener(int fd, boolean overTls) {}
