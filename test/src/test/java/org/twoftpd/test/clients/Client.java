/*
 * A table of what the clients of Debian's packages can and cannot do.
 */
package org.twoftpd.test.clients;

import static org.twoftpd.test.clients.DataConnectionMode.EPRT_6;
import static org.twoftpd.test.clients.DataConnectionMode.EPSV;
import static org.twoftpd.test.clients.DataConnectionMode.EPSV_6;
import static org.twoftpd.test.clients.DataConnectionMode.PASV;
import static org.twoftpd.test.clients.DataConnectionMode.PORT;

import java.util.List;

/**
 * One client.
 *
 * @param ways its ways to a data connection
 * @param cannot why it has no others
 */
record Client(List<DataConnectionMode> ways, String cannot) {
  static final Client CURL =
      new Client(
          List.of(DataConnectionMode.values()),
          "no PASV and PORT over IPv6, where they have no form");
  static final Client LFTP =
      new Client(List.of(PASV, EPSV, PORT, EPSV_6, EPRT_6), "EPRT only over IPv6");
  static final Client NCFTP =
      new Client(List.of(PASV, PORT), "no IPv6 in this version, nor EPSV and EPRT");
  static final Client TNFTP = new Client(List.of(DataConnectionMode.values()), "");
  static final Client INETUTILS_FTP =
      new Client(List.of(PASV, PORT, EPSV_6, EPRT_6), "EPSV and EPRT only over IPv6");
  static final Client WGET =
      new Client(List.of(PASV, PORT, EPSV_6, EPRT_6), "EPSV and EPRT only over IPv6");
  static final Client BUSYBOX =
      new Client(List.of(EPSV, EPSV_6), "no active mode; PASV only where EPSV fails");
  static final Client ARIA2 =
      new Client(List.of(PASV, PORT, EPSV_6, EPRT_6), "EPSV and EPRT only over IPv6");
  static final Client AXEL =
      new Client(List.of(PASV), "no active mode; PASV over IPv6 too, where it has no form");
  static final Client WPUT = new Client(List.of(PASV, PORT), "no IPv6, nor EPSV and EPRT");
  static final Client YAFC =
      new Client(List.of(PASV, EPSV_6), "active mode is a setting of its start file only");
  static final Client GFTP = new Client(List.of(EPSV), "its URLs have no form for an IPv6 address");
  static final Client SITECOPY =
      new Client(List.of(PASV, PORT, EPSV_6), "cannot bind an active port over IPv6");
  static final Client RCLONE =
      new Client(List.of(PASV, EPSV, EPSV_6), "its library has no active mode");
  static final Client FTPLIB =
      new Client(List.of(PASV, PORT, EPSV_6, EPRT_6), "EPSV and EPRT only over IPv6");
  static final Client NET_FTP =
      new Client(List.of(PASV, PORT, EPSV_6, EPRT_6), "EPSV and EPRT only over IPv6");
  static final Client PHP =
      new Client(List.of(PASV, PORT, EPSV_6, EPRT_6), "EPSV and EPRT only over IPv6");
  static final Client COMMONS_NET =
      new Client(List.of(PASV, EPSV, PORT, EPSV_6, EPRT_6), "EPRT only over IPv6");
}
