/*
 * Trusted to be letter for letter what it is: programs take these texts apart, and one that finds another wording stops,
 * or believes something that is not so.  Every such text stands here, with the programs that read it.
 */
package org.twoftpd.session.control;

import org.twoftpd.session.text.Text;

/** The wording of replies that more than people read. */
public final class ParsedReplies {
  /** SITE CHMOD. PHP's ftp_chmod takes no other code for success. */
  public static final int MODE_CHANGED = 200;

  /** ALLO. Cameras and scanners end at 202, though RFC 959 has that as well. */
  public static final int ALLOCATED = 200;

  /**
   * SYST, 215. PHP's ftp_systype, Commons Net, wget and ncftp choose by its first word how to read
   * a listing.
   */
  public static final String SYSTEM = "UNIX Type: L8";

  /** HELP, 214. Perl's Net::FTP looks for "following commands" before it takes a list for one. */
  public static final String HELP = "The following commands are known:";

  /** SITE HELP, 214. */
  public static final String SITE_HELP = "The following SITE commands are known:";

  /** 150 of LIST, NLST and MLSD; nothing in it may look like a length. */
  public static final String LISTING = "Here comes the directory listing.";

  private static final String HEX_DIGITS = "0123456789abcdef";

  private ParsedReplies() {}

  /**
   * PASV, 227, as far as the port. Firmware and small programs read it by sscanf with just these
   * words in front of the numbers; curl, lftp and libraries look for six numbers, or for the
   * bracket.
   *
   * @param address four bytes
   */
  public static Text passivePrefix(byte[] address) {
    Text prefix = new Text("Entering Passive Mode (");
    for (byte b : address) {
      prefix.add(b & 0xff).add(",");
    }
    return prefix;
  }

  /** The whole of it. */
  public static Text passive(Text prefix, int port) {
    return new Text().add(prefix).add(port >> 8).add(",").add(port & 0xff).add(")");
  }

  /**
   * EPSV, 229. As with 227; Java's URLs want a blank before the bracket, and ftplib one bracket
   * only.
   */
  public static Text extendedPassive(int port) {
    return new Text("Entering Extended Passive Mode (|||").add(port).add("|)");
  }

  /**
   * RETR, 150. Python's ftplib and urllib, Java's URLs and .NET's FtpWebRequest take the length
   * from it, and Java ends the file there; so it is told where it is what comes over the
   * connection, and in ASCII it is not.
   *
   * @param name as the client said it
   * @param bytes that are to come
   */
  public static Text openingToSend(boolean ascii, byte[] name, long bytes) {
    Text opening = opening(ascii, name);
    if (!ascii) {
      opening.add(" (").add(bytes).add(" bytes)");
    }
    return opening.add(".");
  }

  /** STOR and APPE, 150: the same without a length, since only the client knows it. */
  public static Text openingToReceive(boolean ascii, byte[] name) {
    return opening(ascii, name).add(".");
  }

  private static Text opening(boolean ascii, byte[] name) {
    Text opening = new Text("Opening ");
    opening.add(ascii ? "ASCII" : "BINARY").add(" mode data connection for ");
    return addHarmless(opening, name);
  }

  /**
   * Adds a name in which nothing can be taken for a length or for the end of a line: brackets,
   * backslashes and control bytes are told as \xNN, as in the log.
   */
  private static Text addHarmless(Text text, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      int b = name[i] & 0xff;
      if (b < ' ' || b == 0x7f || b == '(' || b == ')' || b == '\\') {
        text.add("\\x").addByte(HEX_DIGITS.charAt(b >> 4)).addByte(HEX_DIGITS.charAt(b & 15));
      } else {
        text.addName(name, i, i + 1);
      }
    }
    return text;
  }

  /** STOU, 150, as RFC 1123, 4.1.2.9, has it for those who take the name from there. */
  public static Text uniqueName(byte[] name) {
    return new Text("FILE: ").addName(name);
  }

  /**
   * What stands behind the words of the 226 of STOU. Perl's Net::FTP and Java's URLs take the name
   * from the bracket.
   */
  public static Text uniqueNameStored(byte[] name) {
    return uniqueName(name).add(" (unique file name: ").addName(name).add(")");
  }

  /**
   * PWD, 257 (RFC 959, appendix II). Everybody takes the path from between the first quotation mark
   * and the last, or the first that is not doubled.
   */
  public static Text workingDirectory(byte[] path) {
    return new Text().addQuoted(path).add(" is the current directory.");
  }

  /** MKD, 257, likewise: PHP's ftp_mkdir and Python's ftplib return the path that it tells. */
  public static Text directoryMade(byte[] path) {
    return new Text().addQuoted(path).add(" created.");
  }
}
