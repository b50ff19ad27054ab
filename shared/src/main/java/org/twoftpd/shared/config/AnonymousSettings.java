/*
 * Trusted with the account that serves everybody.
 */
package org.twoftpd.shared.config;

import java.util.List;

/**
 * The account of the anonymous service.
 *
 * @param mode who gets it; not {@link AnonymousMode#OFF}
 * @param user shown as the owner of its files
 * @param uid 1 to 2147483647, and not the gate's
 * @param gid 1 to 2147483647
 * @param gids supplementary groups, each 1 to 2147483647
 * @param home absolute path
 * @param group shown as the group of its files
 */
public record AnonymousSettings(
    AnonymousMode mode,
    String user,
    int uid,
    int gid,
    List<Integer> gids,
    String home,
    String group,
    Table table) {}
