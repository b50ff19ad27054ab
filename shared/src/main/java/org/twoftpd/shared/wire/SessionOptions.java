/*
 * Trusted with nothing: the settings as they apply to one login, resolved by the monitor for its table and peer.
 */
package org.twoftpd.shared.wire;

import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.config.RootKind;

/**
 * What a session may and shall do beyond its table.
 *
 * @param root what it takes for the root of the file system
 * @param timeoutSeconds without a command, or without a byte in a transfer; at least 1
 * @param connectSeconds to make a data connection; at least 1
 * @param sessionSeconds for the whole session; 0 is without limit
 * @param banner lines for the 230 reply, separated by LF; may be empty
 * @param messageFile the name of the file shown when a directory is entered; empty for none
 * @param hideDotFiles whether names that begin with a dot do not exist
 * @param logRequests whether every command is logged
 * @param logReplies whether every reply is logged
 * @param umask for what it creates
 * @param atomicStore whether a stored file gets its name when it is whole
 * @param syncStore whether a stored file is on the disk before it is acknowledged
 * @param maxFileSize bytes that a stored file may have, RLIMIT_FSIZE of setrlimit(2); 0 for any
 * @param passiveAddress what PASV tells instead of the local address: 4 bytes, or empty
 * @param lowestPort the first port for passive connections; 0 for any
 * @param highestPort the last one; 0 for any
 * @param activeFromPort20 whether active connections come from port 20, which the monitor binds
 * @param anonymous for which names the login is; OFF for one by credentials
 */
public record SessionOptions(
    RootKind root,
    int timeoutSeconds,
    int connectSeconds,
    int sessionSeconds,
    byte[] banner,
    byte[] messageFile,
    boolean hideDotFiles,
    boolean logRequests,
    boolean logReplies,
    int umask,
    boolean atomicStore,
    boolean syncStore,
    long maxFileSize,
    byte[] passiveAddress,
    int lowestPort,
    int highestPort,
    boolean activeFromPort20,
    AnonymousMode anonymous) {}
