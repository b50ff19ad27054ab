/*
 * Trusted with nothing.
 */
package org.twoftpd.session.listing;

/**
 * What is the same in all listings of a session.
 *
 * @param facts which facts MLSD and MLST give, from {@link Facts}
 * @param helper started, or not when a listing has to do without
 */
public record ListingStyle(Viewer viewer, PermittedVerbs verbs, int facts, StatusHelper helper) {}
