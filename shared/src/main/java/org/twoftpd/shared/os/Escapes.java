/*
 * Trusted with nothing: runs when an administrator asks whether this kernel keeps its promises, never in service.
 */
package org.twoftpd.shared.os;

import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWNET;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWUSER;
import static org.twoftpd.shared.os.SocketFlags.AF_INET;
import static org.twoftpd.shared.os.SocketFlags.IPPROTO_ICMP;
import static org.twoftpd.shared.os.SocketFlags.SOCK_RAW;

/**
 * What no role may do, root or not: make a namespace, in which it would have all capabilities, and
 * what that is good for. For --self-test.
 */
public final class Escapes {
  private static final String[] CLAIMS = {
    "makes no user namespace by unshare",
    "makes no user namespace by clone",
    "makes no network namespace by clone",
    "makes no user namespace by clone3",
    "takes no tree of mounts by open_tree_attr",
    "makes no raw socket",
  };

  private Escapes() {}

  /** How many there are. */
  public static int count() {
    return CLAIMS.length;
  }

  /** What holds when the attempt of that number is refused. */
  public static String claim(int number) {
    return CLAIMS[number];
  }

  /** Tries it: what the kernel answers, not negative when it went through. */
  public static int attempt(int number) {
    return switch (number) {
      case 0 -> Native.unshare(CLONE_NEWUSER);
      case 1 -> Native.cloneOnce(CLONE_NEWUSER);
      case 2 -> Native.cloneOnce(CLONE_NEWUSER | CLONE_NEWNET);
      case 3 -> Native.clone3Once(CLONE_NEWUSER);
      case 4 -> Native.openTreeAttr();
      default -> Native.socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    };
  }

  /**
   * Whether that answer is a filter's: calls whose flags it cannot see are as if not there, and so
   * are kinds of sockets.
   */
  public static boolean refused(int answer) {
    return answer == -Errno.EPERM || answer == -Errno.ENOSYS || answer == -Errno.EAFNOSUPPORT;
  }
}
