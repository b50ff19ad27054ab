/*
 * Trusted with how much the service takes on.
 */
package org.twoftpd.shared.config;

import java.util.List;

/**
 * Limits, each at least 1 unless said otherwise.
 *
 * @param maxClients connections at a time
 * @param maxPerIp connections at a time from one address
 * @param maxPerUser sessions at a time of one user
 * @param penaltyFailures failed logins from one address until it is sent away; 0 for never
 * @param penaltySeconds for how long it is sent away, and in which its failures are forgotten
 * @param penaltyExempt never sent away
 * @param minSpares warm session processes that are always kept ready, from 0
 * @param maxSpares warm session processes at most when many log in, at least {@code minSpares}
 * @param spawnRate session processes that are started in a second, at most; 0 for as many as the
 *     machine is measured to bear
 */
public record LimitSettings(
    int maxClients,
    int maxPerIp,
    int maxPerUser,
    int penaltyFailures,
    int penaltySeconds,
    List<IpNetwork> penaltyExempt,
    int minSpares,
    int maxSpares,
    int spawnRate) {}
