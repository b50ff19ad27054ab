/*
 * Trusted with everything: only this class and Processes call the C library.  It decides nothing and keeps no state; each
 * method is one system call whose arguments are checked for length.  The C side is src/main/c.
 */
package org.twoftpd.shared.os;

import java.io.FileDescriptor;

/**
 * System calls, by their own names. Every method returns the call's result, or a negative errno
 * value (see {@link Errno}) when it failed; none throws. A null argument is {@code -EFAULT}, a
 * region outside its array {@code -EINVAL}. Names of files are bytes without NUL: one with a NUL is
 * refused with {@code -EINVAL}, one of more than 4095 bytes with {@code -ENAMETOOLONG}. Descriptors
 * that a method makes are close-on-exec.
 *
 * <p>A call that waits can end with {@code -EINTR}: setresuid and its like, called by one thread,
 * reach all others by a signal.
 */
@SuppressWarnings("restricted")
public final class Native {
  static {
    String library = System.getProperty("twoftpd.native");
    if (library == null) {
      throw new IllegalStateException(
          "-Dtwoftpd.native must give the absolute path of libtwoftpd.so");
    }
    System.load(library);
  }

  private Native() {}

  /** Loads the library now rather than at the first call, which could be after a chroot. */
  public static void load() {}

  // ---- descriptors ----

  /** close(2). */
  public static native int close(int fd);

  /** The number inside a FileDescriptor that another library made; -1 when it is closed. */
  public static native int number(FileDescriptor descriptor);

  /** Sets the number inside a FileDescriptor; -1 makes it harmless without closing anything. */
  public static native void renumber(FileDescriptor descriptor, int fd);

  /** fcntl(2) F_SETFL: sets or clears O_NONBLOCK. */
  public static native int setNonblocking(int fd, boolean on);

  /**
   * fcntl(2) F_GETFL and fstat(2): 1 for a socket that has O_NONBLOCK, so that no read or write of
   * it waits; 0 for everything else, since a file may make its reader wait in any case.
   */
  public static native int isPromptSocket(int fd);

  /** fcntl(2) F_SETFD: sets or clears FD_CLOEXEC. */
  public static native int setCloseOnExec(int fd, boolean on);

  /**
   * fcntl(2) F_DUPFD_CLOEXEC: a copy with the lowest free number that is at least {@code lowest}.
   */
  public static native int duplicate(int fd, int lowest);

  /**
   * read(2) into {@code buffer[offset .. offset+length)}; at most 64 KiB a call. 0 is the end of
   * the file.
   */
  public static native int read(int fd, byte[] buffer, int offset, int length);

  /**
   * write(2) from {@code buffer[offset .. offset+length)}; at most 64 KiB a call. SIGPIPE is never
   * raised.
   */
  public static native int write(int fd, byte[] buffer, int offset, int length);

  /**
   * As {@link #read}, without a copy and of any length. The descriptor must be one that does not
   * block: no memory is collected as long as this takes.
   */
  public static native int readInto(int fd, byte[] buffer, int offset, int length);

  /** As {@link #write}, in the way of {@link #readInto}. */
  public static native int writeOutOf(int fd, byte[] buffer, int offset, int length);

  /** read(2) into memory that {@link #allocate} made; the caller answers for the bounds. */
  public static native long readTo(int fd, long address, long length);

  /** write(2) from memory that {@link #allocate} made; the caller answers for the bounds. */
  public static native long writeFrom(int fd, long address, long length);

  /**
   * Puts CR in front of every LF that has none (RFC 959, 3.1.1.1), from memory that {@link
   * #allocate} made to other such memory.
   *
   * @param afterReturn whether the last byte of what came before was CR
   * @param to with room for twice {@code length}; the caller answers for the bounds
   * @return how many bytes of {@code to} are filled, or {@code -n - 1} when n are filled and the
   *     last byte is CR
   */
  public static native long linesToWire(long from, long length, boolean afterReturn, long to);

  /**
   * Takes CR away in front of LF, and nowhere else. A CR at the very end is not written, since only
   * the byte after it decides whether it stays.
   *
   * @param to with room for {@code length}; the caller answers for the bounds
   * @return how many bytes of {@code to} are filled, or {@code -n - 1} when n are filled and a CR
   *     at the end is left over
   */
  public static native long linesToFile(long from, long length, long to);

  /** calloc(3): the address of zeroed memory, or 0. The memory lives until the process ends. */
  public static native long allocate(long length);

  /** Puts one byte into memory that {@link #allocate} made. */
  public static native int put(long address, byte b);

  /**
   * poll(2) on the first {@code count} of {@code fds}, at most 1024. {@code events} holds what to
   * wait for on entry and what happened on return, see {@link PollEvents}.
   *
   * @param timeoutMillis -1 waits for ever
   */
  public static native int poll(int[] fds, short[] events, int count, int timeoutMillis);

  /** epoll_create1(2). */
  public static native int epollCreate();

  /**
   * epoll_ctl(2); the descriptor itself is the datum that {@link #epollWait} gives back.
   *
   * @param operation one of those of {@link PollEvents}
   * @param events of {@link PollEvents}
   */
  public static native int epollControl(int epoll, int operation, int fd, int events);

  /**
   * epoll_wait(2): how many descriptors are ready, at most as many as {@code fds} has places and at
   * most 256.
   *
   * @param timeoutMillis -1 waits for ever
   */
  public static native int epollWait(int epoll, int[] fds, int[] events, int timeoutMillis);

  /**
   * pipe2(2), both ends non-blocking.
   *
   * @param ends two places: the end to read from, the end to write to
   */
  public static native int pipe(int[] ends);

  /**
   * socketpair(2): two connected UNIX stream sockets, which block.
   *
   * @param ends two places
   */
  public static native int socketpair(int[] ends);

  /**
   * socketpair(2): as {@link #socketpair}, but neither end blocks.
   *
   * @param ends two places
   */
  public static native int dataPair(int[] ends);

  /**
   * eventfd(2), non-blocking: a descriptor that one thread writes eight bytes to in order to wake
   * another's poll.
   */
  public static native int eventfd();

  // ---- sockets ----

  /** socket(2), close-on-exec and non-blocking. */
  public static native int socket(int domain, int type, int protocol);

  /** bind(2); the address is a sockaddr as the kernel lays it out. */
  public static native int bind(int fd, byte[] sockaddr);

  /** connect(2). */
  public static native int connect(int fd, byte[] sockaddr);

  /** listen(2). */
  public static native int listen(int fd, int backlog);

  /** accept4(2), close-on-exec and non-blocking. */
  public static native int accept(int fd);

  /**
   * accept4(2) as {@link #accept}, and the address of the peer without a further call.
   *
   * @param peer room for 28 bytes; those that an IPv4 address does not fill become 0
   */
  public static native int acceptFrom(int fd, byte[] peer);

  /**
   * getsockname(2): the length of what was written to {@code sockaddr}, which must have room for 28
   * bytes.
   */
  public static native int getsockname(int fd, byte[] sockaddr);

  /** setsockopt(2) with an int. */
  public static native int setsockopt(int fd, int level, int option, int value);

  /**
   * send(2) with MSG_DONTWAIT: as {@link #write}, but it never waits for room, even where another
   * process that has the socket too has cleared its O_NONBLOCK.
   */
  public static native int sendNow(int fd, byte[] buffer, int offset, int length);

  /**
   * setsockopt(2) SO_LINGER: close waits so many seconds; with 0 it sends a reset instead, and with
   * a negative number it does neither.
   */
  public static native int setLinger(int fd, int seconds);

  /** getsockopt(2) of a non-negative int, SO_ERROR for instance. */
  public static native int getsockopt(int fd, int level, int option);

  /** shutdown(2). */
  public static native int shutdown(int fd, int how);

  /**
   * recvmsg(2) with room for descriptors: reads as {@link #read} does and stores the descriptors
   * that came along in {@code descriptors}, whose unused places become -1. More descriptors than
   * there is room for are closed and answered with {@code -EMSGSIZE}, as is a packet that was cut;
   * what came with them is lost. Room for 16 descriptors at most.
   */
  public static native int recvmsg(
      int fd, byte[] buffer, int offset, int length, int[] descriptors);

  /**
   * sendmsg(2) of a short message, 64 bytes at most, with two descriptors beside it (SCM_RIGHTS),
   * which stay open here.
   */
  public static native int sendDescriptors(int fd, byte[] message, int first, int second);

  /**
   * getsockopt(2) SO_PEERCRED: the uid of the process at the other end of a UNIX socket. A uid from
   * 2^31 on looks like an error, and is to be refused like one.
   */
  public static native int peerUid(int fd);

  // ---- files ----

  /**
   * openat(2) with O_CLOEXEC, O_NOCTTY and O_NONBLOCK always added, so that no FIFO or device
   * blocks.
   */
  public static native int openat(int directory, byte[] path, int flags, int mode);

  /**
   * statx(2) into {@code out}: mode, nlink, uid, gid, size, mtime seconds, mtime nanoseconds,
   * inode, device (major number in the upper half).
   *
   * @param out at least {@link FileStatus#FIELDS} places
   * @param flags AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH
   */
  public static native int statx(int directory, byte[] path, int flags, long[] out);

  /**
   * statx(2) of each of many names, which costs little more than the system calls themselves. Each
   * name has {@link FileStatus#FIELDS} places of {@code out}, as {@link #statx} fills them; where
   * that fails the first place is the negative errno and the others are 0.
   *
   * @param names {@code names[0 .. length)} is names one after the other, each with a NUL behind
   *     it; at most 128 of them and 32 KiB in all, else {@code -EINVAL}
   * @param out with room for each name at least
   * @return how many names there were
   */
  public static native int statxEach(
      int directory, byte[] names, int length, int flags, long[] out);

  /**
   * getdents64(2): whole struct linux_dirent64 records into {@code buffer}; 0 at the end of the
   * directory.
   */
  public static native int getdents64(int fd, byte[] buffer);

  /** unlinkat(2); AT_REMOVEDIR makes it rmdir(2). */
  public static native int unlinkat(int directory, byte[] path, int flags);

  /** renameat2(2); the flags are 0 or RENAME_NOREPLACE of {@link FileFlags}. */
  public static native int renameat2(
      int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

  /** linkat(2). */
  public static native int linkat(
      int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

  /** mkdirat(2). */
  public static native int mkdirat(int directory, byte[] path, int mode);

  /** fchmodat(2), which follows symbolic links. */
  public static native int fchmodat(int directory, byte[] path, int mode);

  /** fchmod(2). */
  public static native int fchmod(int fd, int mode);

  /** fchown(2); ids are the kernel's, unsigned, and -1 leaves one as it is. */
  public static native int fchown(int fd, int uid, int gid);

  /**
   * utimensat(2) of the modification time alone; nanoseconds from 0 to 999999999.
   *
   * @param flags AT_SYMLINK_NOFOLLOW
   */
  public static native int utimensat(
      int directory, byte[] path, long seconds, long nanoseconds, int flags);

  /**
   * readlinkat(2): the length of what was written to {@code buffer}, or {@code -ENAMETOOLONG} when
   * the target does not fit into it.
   */
  public static native int readlinkat(int directory, byte[] path, byte[] buffer);

  /** faccessat(2) with AT_EACCESS: 0 when the process may do what R_OK, W_OK and X_OK stand for. */
  public static native int faccessat(int directory, byte[] path, int mode);

  /** ftruncate(2). */
  public static native int ftruncate(int fd, long length);

  /** lseek(2) from one of the places SEEK_SET, SEEK_CUR and SEEK_END of {@link FileFlags}. */
  public static native long lseek(int fd, long offset, int whence);

  /** fsync(2). */
  public static native int fsync(int fd);

  /** fstatvfs(3): the bytes that an unprivileged process may still write there. */
  public static native long freeBytes(int fd);

  /**
   * sendfile(2) from {@code offset} of {@code in}, whose own position is neither used nor moved.
   */
  public static native long sendfile(int out, int in, long offset, long count);

  /**
   * splice(2) from one descriptor's own position to the other's. One of them is a pipe, which is
   * never waited for.
   */
  public static native long splice(int in, int out, long count);

  /** fcntl(2) F_SETPIPE_SZ: how much the pipe holds now, which may be more than was asked for. */
  public static native int setPipeSize(int fd, int bytes);

  // ---- the process itself ----

  /**
   * getrandom(2): fills {@code out}, at most 256 bytes, with bytes that nobody can foretell, and
   * answers 0.
   */
  public static native int getrandom(byte[] out);

  /**
   * _exit(2): ends the process at once. The virtual machine's own end would take milliseconds of a
   * processor that the next login may be waiting for.
   */
  public static native void exit(int status);

  /** getpid(2). */
  public static native int getpid();

  /** umask(2). */
  public static native int umask(int mask);

  /** chdir(2). */
  public static native int chdir(byte[] path);

  /** chroot(2). */
  public static native int chroot(byte[] path);

  /** setgroups(2), on every thread (the C library sees to that); 4096 at most. */
  public static native int setgroups(int[] groups);

  /** setresgid(2), on every thread; -1 leaves one as it is. */
  public static native int setresgid(int real, int effective, int saved);

  /** setresuid(2), on every thread; -1 leaves one as it is. */
  public static native int setresuid(int real, int effective, int saved);

  /**
   * setfsuid(2), of the calling thread: from now on files are looked up with that user's rights,
   * while the capabilities that are not about files stay. The answer is the id from before, whether
   * the call had an effect or not.
   */
  public static native int setfsuid(int uid);

  /** setfsgid(2), as {@link #setfsuid}. */
  public static native int setfsgid(int gid);

  /**
   * setresuid(2) of the calling thread alone, as the kernel has it: for finding out whether it is
   * refused, without stopping every thread.
   */
  public static native int setresuidOfThread(int real, int effective, int saved);

  /** setresgid(2), as {@link #setresuidOfThread}. */
  public static native int setresgidOfThread(int real, int effective, int saved);

  /** geteuid(2). */
  public static native int geteuid();

  /** setrlimit(2): soft and hard limit alike. */
  public static native int setrlimit(int resource, long limit);

  /**
   * prctl(2) with integers; it reaches the calling thread only, or the whole process, as the option
   * says.
   */
  public static native int prctl(int option, long a, long b, long c, long d);

  /**
   * seccomp(2) SECCOMP_SET_MODE_FILTER with SECCOMP_FILTER_FLAG_TSYNC: puts a filter on every
   * thread. Sets no_new_privs on the caller first, and the kernel copies that to every thread as
   * well.
   *
   * @param program struct sock_filter after struct sock_filter, in the machine's byte order
   * @param log whether the kernel's own log names what is refused (SECCOMP_FILTER_FLAG_LOG)
   */
  public static native int seccomp(byte[] program, boolean log);

  /**
   * Names each call that a filter refuses with SECCOMP_RET_TRAP in a line on descriptor 2, and has
   * it fail with EPERM (sigaction(2), SIGSYS). For finding out what a new kernel or library needs.
   *
   * @param role what this process is, for the line; ASCII, at most 31 characters
   */
  public static native int reportRefusals(byte[] role);
}
