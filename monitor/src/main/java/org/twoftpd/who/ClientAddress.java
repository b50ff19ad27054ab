package org.twoftpd.who;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.twoftpd.shared.os.Endpoint;

/** Finds the address of a session's client in proc(5). */
final class ClientAddress {
  private static final String SOCKET = "socket:[";
  private static final String[] TABLES = {"net/tcp", "net/tcp6"};

  /** The fields of a line of these tables that are of use. */
  private static final int REMOTE = 2;

  private static final int INODE = 9;

  private ClientAddress() {}

  /**
   * The address of the client. The control connection is the first TCP socket that a session gets,
   * so it has the lowest descriptor.
   *
   * @param process its directory in /proc
   * @return {@code -} when that cannot be told
   */
  static String of(Path process) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(process.resolve("fd"))) {
      TreeMap<Integer, String> inodes = new TreeMap<>();
      for (Path fd : all) {
        String target = Files.readSymbolicLink(fd).toString();
        if (target.startsWith(SOCKET)) {
          inodes.put(
              Integer.parseInt(fd.getFileName().toString()),
              target.substring(SOCKET.length(), target.length() - 1));
        }
      }
      for (String inode : inodes.values()) {
        for (String table : TABLES) {
          String remote = remote(process.resolve(table), inode);
          if (remote != null) {
            return remote;
          }
        }
      }
    } catch (IOException _) {
      // The session has ended meanwhile.
    }
    return "-";
  }

  /** The remote address of the socket with that inode, or null; proc(5), net/tcp. */
  private static String remote(Path table, String inode) throws IOException {
    for (String line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
      String[] f = line.strip().split("\\s+", -1);
      if (f.length > INODE && f[INODE].equals(inode)) {
        return parse(f[REMOTE].substring(0, f[REMOTE].indexOf(':')));
      }
    }
    return null;
  }

  /**
   * Reads an address as the kernel writes it: words of 32 bits in hexadecimal, each in the byte
   * order of the machine.
   */
  static String parse(String hex) {
    byte[] b = new byte[hex.length() / 2];
    ByteBuffer words = ByteBuffer.wrap(b).order(ByteOrder.nativeOrder());
    for (int i = 0; i < hex.length(); i += 2 * Integer.BYTES) {
      words.putInt(Integer.parseUnsignedInt(hex.substring(i, i + 2 * Integer.BYTES), 16));
    }
    return new Endpoint(b, 0, 0).host();
  }
}
