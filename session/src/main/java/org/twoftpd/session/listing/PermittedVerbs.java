package org.twoftpd.session.listing;

/**
 * Tells which commands a session's table permits, for the perm fact (RFC 3659 section 7.5.5). This
 * only informs clients; the table itself decides.
 *
 * @param append APPE
 * @param create STOR and STOU of new files
 * @param delete DELE and RMD
 * @param enter CWD
 * @param rename RNFR
 * @param list LIST, NLST and MLSD
 * @param makeDirectory MKD
 * @param purge DELE inside a directory
 * @param retrieve RETR
 * @param store STOR over an existing file
 */
public record PermittedVerbs(
    boolean append,
    boolean create,
    boolean delete,
    boolean enter,
    boolean rename,
    boolean list,
    boolean makeDirectory,
    boolean purge,
    boolean retrieve,
    boolean store) {}
