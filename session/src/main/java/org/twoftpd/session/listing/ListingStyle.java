package org.twoftpd.session.listing;

/**
 * Holds what all listings of a session have in common.
 *
 * @param viewer the account that the listing is made for
 * @param verbs what the session's command table permits
 * @param facts the facts of {@link Facts} that MLSD and MLST tell
 * @param helper asks for statuses ahead; a helper that was not started only makes listings slower
 */
public record ListingStyle(Viewer viewer, PermittedVerbs verbs, int facts, StatusHelper helper) {}
