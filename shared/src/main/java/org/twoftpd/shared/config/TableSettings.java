package org.twoftpd.shared.config;

import java.util.Optional;

/**
 * How the table of a user who has logged in is chosen.
 *
 * @param forEverybody the table, whatever the shell
 * @param shellWriteOnly users with this login shell get {@link Table#DROP}
 * @param shellReadOnly users with this login shell get {@link Table#ANON}; another than the former
 */
public record TableSettings(
    Optional<Table> forEverybody,
    Optional<String> shellWriteOnly,
    Optional<String> shellReadOnly) {}
