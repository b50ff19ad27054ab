/*
 * The ways to make a data connection, which differ in what the client sends.
 */
package org.twoftpd.test.clients;

/** How a data connection is made, over which protocol. */
enum DataConnectionMode {
  PASV(0, "PASV"),
  EPSV(0, "EPSV.*"),
  PORT(0, "PORT .*"),
  EPRT(0, "EPRT \\|1\\|.*"),
  EPSV_6(1, "EPSV.*"),
  EPRT_6(1, "EPRT \\|2\\|.*");

  /** Which of the chain's addresses: 127.0.0.1 or ::1. */
  final int place;

  /** The command, as a regular expression, by which the log shows this way. */
  final String command;

  DataConnectionMode(int place, String command) {
    this.place = place;
    this.command = command;
  }

  /** The address as a client's command line takes it. */
  String host() {
    return place == 0 ? "127.0.0.1" : "::1";
  }

  boolean isActive() {
    return this == PORT || this == EPRT || this == EPRT_6;
  }

  boolean isExtended() {
    return this != PASV && this != PORT;
  }
}
