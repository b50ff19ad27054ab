package org.twoftpd.shared.config;

import java.util.List;

/**
 * How much the service takes on. Each limit is at least 1 where nothing else is said.
 *
 * @param maxClients how many connections there may be at a time
 * @param maxPerIp how many of them may come from one address
 * @param maxPerUser how many sessions one user may have at a time
 * @param penaltyFailures failed logins after which an address is turned away; 0 for never
 * @param penaltySeconds how long it is turned away, and how long its failures are remembered
 * @param penaltyExempt networks whose addresses are never turned away
 * @param minSpares how many session processes are kept ready at least, from 0
 * @param maxSpares how many are kept ready at most, at least {@code minSpares}; between the two
 *     bounds there are as many as the machine has processors
 * @param spawnRate how many session processes are started in a second at most; 0 for as many as
 *     take three quarters of the processors
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
