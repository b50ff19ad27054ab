package org.twoftpd.shared.os;

/** Commands of fcntl(2) and requests of ioctl(2), the same on each machine of {@link Arch}. */
public final class DescriptorCommands {
  public static final int F_DUPFD = 0;
  public static final int F_GETFD = 1;
  public static final int F_SETFD = 2;
  public static final int F_GETFL = 3;
  public static final int F_SETFL = 4;
  public static final int F_GETLK = 5;
  public static final int F_SETLK = 6;
  public static final int F_SETLKW = 7;
  public static final int F_OFD_GETLK = 36;
  public static final int F_OFD_SETLK = 37;
  public static final int F_OFD_SETLKW = 38;
  public static final int F_DUPFD_CLOEXEC = 1030;
  public static final int F_SETPIPE_SZ = 1031;
  public static final int F_GETPIPE_SZ = 1032;

  // Of terminals and of every descriptor.
  public static final int TCGETS = 0x5401;
  public static final int TIOCGPGRP = 0x540f;
  public static final int TIOCGWINSZ = 0x5413;
  public static final int FIONREAD = 0x541b;
  public static final int FIONBIO = 0x5421;
  public static final int FIONCLEX = 0x5450;
  public static final int FIOCLEX = 0x5451;

  // Of network interfaces, netdevice(7).
  public static final int SIOCGIFNAME = 0x8910;
  public static final int SIOCGIFCONF = 0x8912;
  public static final int SIOCGIFFLAGS = 0x8913;
  public static final int SIOCGIFADDR = 0x8915;
  public static final int SIOCGIFBRDADDR = 0x8919;
  public static final int SIOCGIFNETMASK = 0x891b;
  public static final int SIOCGIFMTU = 0x8921;
  public static final int SIOCGIFHWADDR = 0x8927;
  public static final int SIOCGIFINDEX = 0x8933;

  private DescriptorCommands() {}
}
