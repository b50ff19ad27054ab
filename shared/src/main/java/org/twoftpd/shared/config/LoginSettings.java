package org.twoftpd.shared.config;

/**
 * What the gate needs to know for the dialogue before a login.
 *
 * @param banner lines that come before the greeting, in UTF-8, separated by LF; may be empty
 * @param timeoutSeconds how long a client may give no command, at least 1
 * @param authTimeoutSeconds how long a client may take to log in, at least 1
 * @param authAttempts how many refused logins end the connection, at least 1
 * @param logRequests whether every command is logged
 * @param logResponses whether every reply is logged
 */
public record LoginSettings(
    byte[] banner,
    int timeoutSeconds,
    int authTimeoutSeconds,
    int authAttempts,
    boolean logRequests,
    boolean logResponses) {}
