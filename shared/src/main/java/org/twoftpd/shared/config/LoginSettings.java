/*
 * Trusted with what the gate needs to know, and the gate with no more than this.
 */
package org.twoftpd.shared.config;

/**
 * The dialogue before login.
 *
 * @param banner lines that come before the greeting, in UTF-8, separated by LF; may be empty
 * @param timeoutSeconds without a command, at least 1
 * @param authTimeoutSeconds without a login, at least 1
 * @param authAttempts refused logins until the connection is closed, at least 1
 * @param logRequests log every command
 * @param logResponses log every reply
 */
public record LoginSettings(
    byte[] banner,
    int timeoutSeconds,
    int authTimeoutSeconds,
    int authAttempts,
    boolean logRequests,
    boolean logResponses) {}
