package org.twoftpd.session.control;

import org.twoftpd.session.text.Text;

/**
 * Holds the replies whose wording programs parse, with the programs that parse them. Keep every
 * letter: a program that finds other words stops, or takes a wrong value from them.
 */
public final class ParsedReplies {
  /** The code of SITE CHMOD. PHP's ftp_chmod takes no other code for success. */
  public static final int MODE_CHANGED = 200;

  /** The code of ALLO. Cameras and scanners stop at 202, although RFC 959 allows it, too. */
  public static final int ALLOCATED = 200;

  /**
   * The 215 of SYST. By its first word, PHP's ftp_systype, Commons Net, wget and ncftp choose how
   * they read a listing.
   */
  public static final String SYSTEM = "UNIX Type: L8";

  /** The 214 of HELP. Perl's Net::FTP reads the list only below "following commands". */
  public static final String HELP = "The following commands are known:";

  /** The 214 of SITE HELP. */
  public static final String SITE_HELP = "The following SITE commands are known:";

  /** The 150 of LIST, NLST and MLSD. Nothing in it may look like the length of a file. */
  public static final String LISTING = "Here comes the directory listing.";

  private static final String HEX_DIGITS = "0123456789abcdef";

  private ParsedReplies() {}

  /**
   * Returns the 227 of PASV up to the port. Firmware and small programs read it by sscanf with
   * exactly these words in front of the numbers; curl, lftp and libraries look for six numbers or
   * for the bracket.
   *
   * @param address the four bytes of the IPv4 address
   */
  public static Text passivePrefix(byte[] address) {
    Text prefix = new Text("Entering Passive Mode (");
    for (byte b : address) {
      prefix.add(b & 0xff).add(",");
    }
    return prefix;
  }

  /**
   * Returns the whole 227 of PASV.
   *
   * @param prefix what {@link #passivePrefix} returned
   */
  public static Text passive(Text prefix, int port) {
    return new Text().add(prefix).add(port >> 8).add(",").add(port & 0xff).add(")");
  }

  /**
   * Returns the 229 of EPSV. Java's URLs require the blank before the bracket, and ftplib requires
   * that it is the only bracket.
   */
  public static Text extendedPassive(int port) {
    return new Text("Entering Extended Passive Mode (|||").add(port).add("|)");
  }

  /**
   * Returns the 150 of RETR. Python's ftplib and urllib, Java's URLs and .NET's FtpWebRequest take
   * the length of the file from it, and Java stops reading there. In ASCII the client receives
   * another number of bytes, because line ends change, so the reply then gives no length.
   *
   * @param name the file's name as the client sent it
   * @param bytes how many bytes will be sent
   */
  public static Text openingToSend(boolean ascii, byte[] name, long bytes) {
    Text opening = opening(ascii, name);
    if (!ascii) {
      opening.add(" (").add(bytes).add(" bytes)");
    }
    return opening.add(".");
  }

  /** Returns the 150 of STOR and APPE, without a length, since only the client knows it. */
  public static Text openingToReceive(boolean ascii, byte[] name) {
    return opening(ascii, name).add(".");
  }

  private static Text opening(boolean ascii, byte[] name) {
    Text opening = new Text("Opening ");
    opening.add(ascii ? "ASCII" : "BINARY").add(" mode data connection for ");
    return addHarmless(opening, name);
  }

  /**
   * Adds a name in which no program can find a length or the end of a line. Brackets, backslashes
   * and control bytes become \xNN, as they do in the log.
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

  /** Returns the 150 of STOU in the form of RFC 1123, section 4.1.2.9, which gives the name. */
  public static Text uniqueName(byte[] name) {
    return new Text("FILE: ").addName(name);
  }

  /**
   * Returns the end of the 226 of STOU. Perl's Net::FTP and Java's URLs take the name from the
   * bracket.
   */
  public static Text uniqueNameStored(byte[] name) {
    return uniqueName(name).add(" (unique file name: ").addName(name).add(")");
  }

  /**
   * Returns the 257 of PWD (RFC 959, appendix II). Clients take the path from between the first
   * quotation mark and either the last one or the next one that is not doubled.
   */
  public static Text workingDirectory(byte[] path) {
    return new Text().addQuoted(path).add(" is the current directory.");
  }

  /** Returns the 257 of MKD. PHP's ftp_mkdir and Python's ftplib return the path that it quotes. */
  public static Text directoryMade(byte[] path) {
    return new Text().addQuoted(path).add(" created.");
  }
}
