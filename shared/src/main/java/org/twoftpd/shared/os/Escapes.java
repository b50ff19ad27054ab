package org.twoftpd.shared.os;

import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWNET;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWUSER;
import static org.twoftpd.shared.os.SocketFlags.AF_INET;
import static org.twoftpd.shared.os.SocketFlags.IPPROTO_ICMP;
import static org.twoftpd.shared.os.SocketFlags.SOCK_RAW;

/**
 * Attempts to escape from confinement that must fail in every process, root's or not: to make a
 * namespace, in which the process would have all capabilities, and to use what a namespace is good
 * for. Only --self-test makes them, when an administrator asks whether this kernel keeps its
 * promises.
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

  /** How many attempts there are. */
  public static int count() {
    return CLAIMS.length;
  }

  /** What is true when the attempt of that number is refused. */
  public static String claim(int number) {
    return CLAIMS[number];
  }

  /**
   * Makes an attempt.
   *
   * @return what the kernel answers, which is not negative when the attempt succeeded
   */
  public static int attempt(int number) {
    return switch (number) {
      case 0 -> Processes.unshare(CLONE_NEWUSER);
      case 1 -> Processes.cloneOnce(CLONE_NEWUSER);
      case 2 -> Processes.cloneOnce(CLONE_NEWUSER | CLONE_NEWNET);
      case 3 -> Processes.clone3Once(CLONE_NEWUSER);
      case 4 -> Processes.openTreeAttr();
      default -> Native.socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    };
  }

  /**
   * True for an answer that a filter gives. Calls whose flags a filter cannot see, and kinds of
   * sockets, fail as if the kernel did not have them.
   */
  public static boolean refused(int answer) {
    return answer == -Errno.EPERM || answer == -Errno.ENOSYS || answer == -Errno.EAFNOSUPPORT;
  }
}
