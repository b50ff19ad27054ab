package org.twoftpd.shared.os;

/**
 * Events of poll(2) and epoll(7), which have the same numbers, and the operations of epoll_ctl(2);
 * the same on each machine of {@link Arch}.
 */
public final class PollEvents {
  /** There is something to read, or the end. */
  public static final short POLLIN = 1;

  /** There is something urgent to read, or a peer's packet mode has changed. */
  public static final short POLLPRI = 2;

  /** There is room to write. */
  public static final short POLLOUT = 4;

  // What poll(2) tells without being asked for it.
  public static final short POLLERR = 8;
  public static final short POLLHUP = 16;
  public static final short POLLNVAL = 32;

  /** The peer will send no more. */
  public static final short POLLRDHUP = 0x2000;

  public static final int EPOLL_CTL_ADD = 1;
  public static final int EPOLL_CTL_DEL = 2;
  public static final int EPOLL_CTL_MOD = 3;

  /** After one event there is none until the next EPOLL_CTL_MOD. */
  public static final int EPOLLONESHOT = 0x40000000;

  private PollEvents() {}
}
