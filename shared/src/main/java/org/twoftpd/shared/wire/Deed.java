/*
 * Trusted with nothing: names for what a session tells the log.
 */
package org.twoftpd.shared.wire;

/** What a session did. The order is the number on the wire. */
public enum Deed {
  UPLOAD,
  DOWNLOAD,
  DELETE,
  RENAME,
  MKDIR,
  RMDIR,
  CHMOD,
  REQUEST,
  REPLY,
  /** Somebody else connected to our passive port. */
  FOREIGN_DATA_CONNECTION,
  /** All ports of PASV_PORTS were in use. */
  NO_PASSIVE_PORT
}
