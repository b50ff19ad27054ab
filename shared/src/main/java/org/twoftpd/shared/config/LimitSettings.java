/*
 * Trusted with how much the service takes on.
 */
package org.twoftpd.shared.config;

/**
 * Limits, each at least 1 unless said otherwise.
 *
 * @param maxClients connections at a time
 * @param maxPerIp connections at a time from one address
 * @param maxPerUser sessions at a time of one user
 * @param minSpares warm session processes that are always kept ready, from 0
 * @param maxSpares warm session processes at most when many log in, at least {@code minSpares}
 * @param spawnRate session processes that are started in a second, at most
 */
public record LimitSettings(
    int maxClients, int maxPerIp, int maxPerUser, int minSpares, int maxSpares, int spawnRate) {}
