package org.twoftpd.shared.config;

import java.util.List;

/**
 * The account of the anonymous service.
 *
 * @param mode who gets it; not {@link AnonymousMode#OFF}
 * @param user the name that listings show as the owner of files
 * @param uid 1 to 2147483647, and not the gate's
 * @param gid 1 to 2147483647
 * @param gids supplementary groups, each 1 to 2147483647
 * @param home the directory that it serves, an absolute path
 * @param group the name that listings show as the group of files
 * @param table what its sessions may do
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
