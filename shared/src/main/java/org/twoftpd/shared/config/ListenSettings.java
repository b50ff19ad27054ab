package org.twoftpd.shared.config;

import java.util.List;

/**
 * Where to listen when systemd passes no socket.
 *
 * @param addresses at least one, each once; port 0 takes any that is free
 */
public record ListenSettings(List<ListenAddress> addresses) {}
