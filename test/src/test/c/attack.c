/*
 * What an attacker would try whose code runs inside a session or the gate: each attack makes one or a few raw system calls,
 * without the C library and without the product's code.  It is on the class path of tests only.  In the current directory the
 * session may do everything; it has the files "there" and "other" and the directory "d".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif

static int victim, port;
/* One end of a connection that another process holds too, as the monitor holds those that it gives to the gate. */
static int shared = -1;
/* A session's end of its line to the gate, when it is over TLS. */
static int line = -1;
static char memory[4096];
static struct iovec here = { memory, 8 }, there = { memory, 8 };

static int answer(long r) { return r < 0 ? -errno : 0; }
#define TRY(name, ...) static int name(void) { return answer(syscall(__VA_ARGS__)); }

/* Makes a call that returns a descriptor, and closes it again. */
static int opened(long fd)
{
    if (fd < 0) return -errno;
    syscall(SYS_close, fd);
    return 0;
}
#define OPEN(name, ...) static int name(void) { return opened(syscall(__VA_ARGS__)); }

/* Makes a call that starts a process, which must end at once. */
static int forked(long pid)
{
    if (pid == 0) syscall(SYS_exit_group, 0);
    if (pid > 0) waitpid((pid_t)pid, NULL, __WALL);
    return answer(pid);
}

static char *const arguments[] = { (char *)"x", NULL };

/* ---- programs and processes ---- */
TRY(exec, SYS_execve, "/proc/self/exe", arguments, arguments)
TRY(exec_at, SYS_execveat, AT_FDCWD, "there", arguments, arguments, 0)
TRY(exec_descriptor, SYS_execveat, 0, "", arguments, arguments, AT_EMPTY_PATH)
OPEN(memory_file, SYS_memfd_create, "x", 0)
static int fork_by_clone(void) { return forked(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }
static int fork_with_memory(void) { return forked(syscall(SYS_clone, SIGCHLD | CLONE_FS | CLONE_FILES, 0, 0, 0, 0)); }
static int fork_user_namespace(void) { return forked(syscall(SYS_clone, SIGCHLD | CLONE_NEWUSER, 0, 0, 0, 0)); }
static int fork_mount_namespace(void) { return forked(syscall(SYS_clone, SIGCHLD | CLONE_NEWUSER | CLONE_NEWNS, 0, 0, 0, 0)); }
static int fork_by_clone3(void)
{
    uint64_t a[8] = { 0 };
    a[4] = SIGCHLD;
    return forked(syscall(SYS_clone3, a, sizeof a));
}
static int fork_user_namespace_by_clone3(void)
{
    uint64_t a[8] = { CLONE_NEWUSER, 0, 0, 0, SIGCHLD };
    return forked(syscall(SYS_clone3, a, sizeof a));
}

/* With all capabilities in a network of its own: a raw socket there. */
static int raw_socket_in_own_network(void)
{
    int status = 0;
    long pid = syscall(SYS_clone, SIGCHLD | CLONE_NEWUSER | CLONE_NEWNET, 0, 0, 0, 0);
    if (pid < 0) return -errno;
    if (pid == 0) syscall(SYS_exit_group, syscall(SYS_socket, AF_INET, SOCK_RAW, IPPROTO_ICMP) < 0 ? 2 : 0);
    waitpid((pid_t)pid, &status, 0);
    return status ? -EACCES : 0;
}
TRY(attach, SYS_ptrace, PTRACE_ATTACH, victim, 0, 0)
TRY(seize, SYS_ptrace, PTRACE_SEIZE, victim, 0, 0)
TRY(be_traced, SYS_ptrace, PTRACE_TRACEME, 0, 0, 0)
TRY(read_memory, SYS_process_vm_readv, victim, &here, 1, &there, 1, 0)
TRY(write_memory, SYS_process_vm_writev, victim, &here, 1, &there, 1, 0)
OPEN(process_descriptor, SYS_pidfd_open, victim, 0)
OPEN(steal_descriptor, SYS_pidfd_getfd, 0, 0, 0)
TRY(signal_descriptor, SYS_pidfd_send_signal, 0, 0, NULL, 0)
TRY(compare, SYS_kcmp, victim, victim, 0, 0, 0)
TRY(signal_other, SYS_kill, victim, 0)
TRY(signal_all, SYS_kill, -1, 0)
TRY(signal_thread, SYS_tkill, victim, 0)
TRY(signal_group_thread, SYS_tgkill, victim, victim, 0)
TRY(signal_queue, SYS_rt_sigqueueinfo, victim, SIGUSR1, memory)
TRY(signal_by_owner, SYS_fcntl, 0, F_SETOWN, victim)
TRY(limit_other, SYS_prlimit64, victim, RLIMIT_NOFILE, memory, NULL)
TRY(limit_self, SYS_prlimit64, 0, RLIMIT_NOFILE, memory, NULL)
TRY(affinity, SYS_sched_setaffinity, victim, sizeof memory, memory)
TRY(priority, SYS_setpriority, PRIO_PROCESS, victim, 19)

/* ---- root ---- */
TRY(become_root, SYS_setuid, 0)
TRY(become_root_all, SYS_setresuid, 0, 0, 0)
TRY(become_root_effective, SYS_setreuid, -1, 0)
TRY(become_root_group, SYS_setresgid, 0, 0, 0)
TRY(become_root_groups, SYS_setgroups, 1, memory)
TRY(become_root_files, SYS_setfsuid, 0)
TRY(capabilities, SYS_capset, memory, memory)
TRY(dumpable, SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0)
TRY(be_traced_by, SYS_prctl, 0x59616d61, -1, 0, 0, 0)
TRY(another_filter, SYS_seccomp, 1, 0, memory)
TRY(chroot_out, SYS_chroot, ".")
TRY(new_namespaces, SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS)
TRY(user_namespace, SYS_unshare, CLONE_NEWUSER)
TRY(other_namespace, SYS_setns, 0, 0)
TRY(mount_it, SYS_mount, "none", "d", "tmpfs", 0, NULL)
TRY(unmount, SYS_umount2, "d", 0)
TRY(pivot, SYS_pivot_root, ".", "d")
TRY(open_tree_, SYS_open_tree, AT_FDCWD, ".", 1)
static uint64_t attributes[4]; /* struct mount_attr */
OPEN(open_tree_attributes, SYS_open_tree_attr, AT_FDCWD, ".", 0, attributes, sizeof attributes)
TRY(new_mount, SYS_fsopen, "tmpfs", 0)
TRY(move_mount_, SYS_move_mount, 0, "", 0, "", 0)
TRY(change_mount, SYS_mount_setattr, AT_FDCWD, ".", 0, memory, 32)

/* ---- the kernel ---- */
TRY(io_uring, SYS_io_uring_setup, 8, memory)
TRY(bpf_, SYS_bpf, 0, memory, sizeof memory)
OPEN(userfault, SYS_userfaultfd, 1)
TRY(perf, SYS_perf_event_open, memory, 0, -1, -1, 0)
TRY(key_control, SYS_keyctl, 0, -3, 1)
TRY(key_add, SYS_add_key, "user", "x", "y", 1, -3)
TRY(key_request, SYS_request_key, "user", "x", NULL, -3)
TRY(module, SYS_init_module, memory, 8, "")
TRY(module_file, SYS_finit_module, 0, "", 0)
TRY(module_remove, SYS_delete_module, "x", 0)
TRY(kexec, SYS_kexec_load, 0, 0, NULL, 0)
TRY(kernel_log, SYS_syslog, 10, NULL, 0)
TRY(restart, SYS_reboot, 0, 0, 0, NULL)
TRY(swap, SYS_swapon, "there", 0)
TRY(clock_set, SYS_clock_settime, 0, memory)
TRY(host_name, SYS_sethostname, "x", 1)
TRY(handle_open, SYS_open_by_handle_at, 0, memory, 0)
TRY(handle_name, SYS_name_to_handle_at, AT_FDCWD, "there", memory, memory, 0)
TRY(watch_all, SYS_fanotify_init, 0, 0)
OPEN(watch, SYS_inotify_init1, 0)
TRY(personality_, SYS_personality, 0x0040000)
TRY(terminal, SYS_ioctl, 2, 0x5412, "x")
TRY(message_queue, SYS_mq_open, "/x", O_CREAT, 0600, NULL)
TRY(shared_memory, SYS_shmget, 0x2121, 4096, 01600)
TRY(landlock, SYS_landlock_create_ruleset, NULL, 0, 1)
OPEN(open_by_memory, SYS_openat2, AT_FDCWD, "there", memory, 24)
#ifdef __x86_64__
static int fork_old(void) { return forked(syscall(SYS_fork)); }
TRY(open_old, SYS_open, "there", O_RDONLY)
TRY(create_old, SYS_creat, "new-old", 0666)
TRY(unlink_old, SYS_unlink, "other")
TRY(rename_old, SYS_rename, "other", "there")
TRY(mkdir_old, SYS_mkdir, "new-old", 0777)
TRY(chmod_old, SYS_chmod, "there", 04777)
TRY(truncate_old, SYS_truncate, "there", 0)
TRY(ports, SYS_iopl, 3)
TRY(second_table, 0x40000000 | SYS_getuid)
#endif

/* ---- sockets ---- */
OPEN(socket_unix, SYS_socket, AF_UNIX, SOCK_STREAM, 0)
OPEN(socket_netlink, SYS_socket, AF_NETLINK, SOCK_RAW, 0)
OPEN(socket_packet, SYS_socket, AF_PACKET, SOCK_RAW, 0)
OPEN(socket_raw, SYS_socket, AF_INET, SOCK_RAW, IPPROTO_ICMP)
OPEN(socket_ping, SYS_socket, AF_INET, SOCK_DGRAM, IPPROTO_ICMP)
OPEN(socket_udp, SYS_socket, AF_INET, SOCK_DGRAM, 0)
OPEN(socket_mptcp, SYS_socket, AF_INET, SOCK_STREAM, 262)
OPEN(socket_sctp, SYS_socket, AF_INET, SOCK_STREAM, 132)
OPEN(socket_algorithm, SYS_socket, AF_ALG, SOCK_SEQPACKET, 0)
OPEN(socket_vsock, SYS_socket, 40, SOCK_STREAM, 0)
OPEN(socket_xdp, SYS_socket, 44, SOCK_RAW, 0)
static int socket_pair(void) { return answer(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, memory)); }
static int socket_pair_of(int type)
{
    int ends[2];
    if (syscall(SYS_socketpair, AF_UNIX, type, 0, ends) < 0) return -errno;
    syscall(SYS_close, ends[0]);
    syscall(SYS_close, ends[1]);
    return 0;
}
static int socket_pair_for_data(void) { return socket_pair_of(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK); }
static int socket_pair_of_packets(void) { return socket_pair_of(SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK); }

/* Hands a descriptor, of the file for faults, to whoever is at the other end. */
static int pass(int to, int flags)
{
    union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control = { { 0 } };
    struct iovec iov = { memory, 1 };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    *h = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int)) };
    memcpy(CMSG_DATA(h), &(int){ 2 }, sizeof(int));
    return answer(syscall(SYS_sendmsg, to, &m, flags));
}
static int pass_to_gate(void) { return pass(line, MSG_NOSIGNAL); }
static int pass_to_monitor(void) { return pass(0, MSG_NOSIGNAL); }
static int pass_by_another(void) { return pass(shared, MSG_NOSIGNAL); }
static int pass_otherwise(void) { return pass(line, MSG_NOSIGNAL | MSG_OOB); }
static int pass_connecting(void) { return pass(line, MSG_FASTOPEN); }
OPEN(socket_tcp, SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
OPEN(socket_tcp6, SYS_socket, AF_INET6, SOCK_STREAM, 0)
TRY(socket_filter, SYS_setsockopt, 0, SOL_SOCKET, 26, memory, 16)
TRY(peer_name, SYS_getpeername, 0, memory, memory)
TRY(socket_protocol, SYS_setsockopt, 0, IPPROTO_TCP, 31, "tls", 3)

static int connect_elsewhere(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    long fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return -errno;
    int r = answer(syscall(SYS_connect, fd, &a, sizeof a));
    syscall(SYS_close, fd);
    return r;
}

/* Looks for a listening socket among the descriptors: 0, or the error with which accept failed. */
static int listening_socket(void)
{
    for (int fd = 0; fd < 4096; fd++) {
        long client = syscall(SYS_accept4, fd, NULL, NULL, SOCK_NONBLOCK);
        if (client >= 0) return opened(client);
        if (errno == EAGAIN) return 0;
        if (errno == EPERM) return -EPERM;
    }
    return -ENOENT;
}

/* ---- what a shared descriptor does for all who have it ---- */
static int seconds[2] = { 1, 86400 }; /* struct linger */
TRY(make_blocking, SYS_fcntl, shared, F_SETFL, 0)
TRY(make_blocking_by_ioctl, SYS_ioctl, shared, FIONBIO, &(int){ 0 })
TRY(make_linger, SYS_setsockopt, shared, SOL_SOCKET, SO_LINGER, seconds, sizeof seconds)
TRY(make_small, SYS_setsockopt, shared, SOL_SOCKET, SO_SNDBUF, seconds, sizeof *seconds)
TRY(make_slow, SYS_setsockopt, shared, SOL_SOCKET, SO_RCVLOWAT, seconds + 1, sizeof *seconds)
TRY(make_signalling, SYS_fcntl, shared, F_SETFL, O_ASYNC)
TRY(make_signalling_by_ioctl, SYS_ioctl, shared, FIOASYNC, &(int){ 1 })
TRY(choose_signal, SYS_fcntl, shared, F_SETSIG, SIGURG) /* ignored, unless asked for */
TRY(choose_signalled, SYS_fcntl, shared, F_SETOWN, getpid())
TRY(choose_signalled_by_ioctl, SYS_ioctl, shared, FIOSETOWN, &victim)
TRY(look_at_flags, SYS_fcntl, shared, F_GETFL)
TRY(look_at_owner, SYS_fcntl, shared, F_GETOWN)
TRY(lease, SYS_fcntl, 0, F_SETLEASE, F_UNLCK)
TRY(lock_all, SYS_flock, 0, LOCK_SH | LOCK_NB)
TRY(lock_range, SYS_fcntl, 0, F_OFD_SETLK, &(struct flock){ .l_type = F_UNLCK })
TRY(notify, SYS_fcntl, 0, F_NOTIFY, 0)
TRY(end_both_ways, SYS_shutdown, shared, SHUT_RDWR)
TRY(end_receiving, SYS_shutdown, shared, SHUT_RD)
TRY(end_sending, SYS_shutdown, shared, SHUT_WR)

/* ---- files ---- */
OPEN(read_file, SYS_openat, AT_FDCWD, "there", O_RDONLY)
OPEN(read_host, SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY)
OPEN(read_host_up, SYS_openat, AT_FDCWD, "../../../../../../../../etc/passwd", O_RDONLY)
/* A private key of TLS lies so, readable by root alone; the test has made it. */
OPEN(read_key, SYS_openat, AT_FDCWD, "/var/lib/twoftpd-test/key.pem", O_RDONLY)
OPEN(read_write, SYS_openat, AT_FDCWD, "there", O_RDWR)
OPEN(read_truncating, SYS_openat, AT_FDCWD, "there", O_RDONLY | O_TRUNC)
OPEN(read_creating, SYS_openat, AT_FDCWD, "new-read", O_RDONLY | O_CREAT, 0666)
OPEN(look_up, SYS_openat, AT_FDCWD, "there", O_PATH)
TRY(status, SYS_statx, AT_FDCWD, "there", 0, 0x7ff, memory)
OPEN(open_directory, SYS_openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY)
OPEN(write_file, SYS_openat, AT_FDCWD, "there", O_WRONLY)
OPEN(append_file, SYS_openat, AT_FDCWD, "there", O_WRONLY | O_APPEND)
OPEN(create, SYS_openat, AT_FDCWD, "new", O_WRONLY | O_CREAT | O_EXCL, 0666)
OPEN(create_or_open, SYS_openat, AT_FDCWD, "there", O_WRONLY | O_CREAT, 0666)
OPEN(create_readable, SYS_openat, AT_FDCWD, "new-rw", O_RDWR | O_CREAT | O_EXCL, 0666)
OPEN(create_set_user_id, SYS_openat, AT_FDCWD, "new-suid", O_WRONLY | O_CREAT | O_EXCL, 04777)
OPEN(create_nameless, SYS_openat, AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0666)
TRY(change_mode, SYS_fchmodat, AT_FDCWD, "there", 0644)
TRY(change_mode_set_user_id, SYS_fchmodat, AT_FDCWD, "there", 04755)
TRY(change_time, SYS_utimensat, AT_FDCWD, "there", NULL, 0)
TRY(change_owner, SYS_fchownat, AT_FDCWD, "there", 0, 0, 0)
TRY(change_attribute, SYS_setxattr, "there", "user.x", "y", 1, 0)
TRY(make_directory, SYS_mkdirat, AT_FDCWD, "new-d", 0777)
TRY(make_node, SYS_mknodat, AT_FDCWD, "new-fifo", S_IFIFO | 0666, 0)
TRY(make_symlink, SYS_symlinkat, "/etc", AT_FDCWD, "new-link")
TRY(make_link, SYS_linkat, AT_FDCWD, "there", AT_FDCWD, "new-hard", 0)
TRY(make_link_following, SYS_linkat, AT_FDCWD, "there", AT_FDCWD, "new-hard2", AT_SYMLINK_FOLLOW)
TRY(rename_exchanging, SYS_renameat2, AT_FDCWD, "there", AT_FDCWD, "other", 2)
TRY(rename_new, SYS_renameat2, AT_FDCWD, "other", AT_FDCWD, "another", 1)
TRY(rename_over, SYS_renameat2, AT_FDCWD, "victim", AT_FDCWD, "there", 0)
TRY(rename_at, SYS_renameat, AT_FDCWD, "there", AT_FDCWD, "there")
TRY(remove_file, SYS_unlinkat, AT_FDCWD, "gone", 0)
TRY(remove_directory, SYS_unlinkat, AT_FDCWD, "d", AT_REMOVEDIR)
TRY(copy_range, SYS_copy_file_range, 0, NULL, 0, NULL, 1, 0)
TRY(splice_, SYS_splice, 0, NULL, 0, NULL, 1, 0)
TRY(splice_into_place, SYS_splice, 0, NULL, 0, &(loff_t){1}, 1, 0)
TRY(splice_from_place, SYS_splice, 0, &(loff_t){1}, 0, NULL, 1, 0)
TRY(splice_memory, SYS_vmsplice, 0, NULL, 0, 0)

static int list(void)
{
    long fd = syscall(SYS_openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY);
    if (fd < 0) return -errno;
    int r = answer(syscall(SYS_getdents64, fd, memory, sizeof memory));
    syscall(SYS_close, fd);
    return r;
}

/* Makes a file as drop may, and then does more with it than drop may. */
static int in_new_file(const char *name, int (*then)(long))
{
    long fd = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd < 0) return -errno;
    int r = then(fd);
    syscall(SYS_close, fd);
    return r;
}

static int to_length(long fd) { return answer(syscall(SYS_ftruncate, fd, 1 << 20)); }
static int to_nothing(long fd) { return answer(syscall(SYS_ftruncate, fd, 0)); }
static int back(long fd) { return answer(syscall(SYS_read, fd, memory, 1)); }
static int truncate_longer(void) { return in_new_file("new-t1", to_length); }
static int truncate_to_nothing(void) { return in_new_file("new-t2", to_nothing); }
static int read_back(void) { return in_new_file("new-t3", back); }

/* ---- ends the process ---- */
static int another_architecture(void)
{
#ifdef __x86_64__
    long r;
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(20L) : "memory");
    return (int)(r < 0 ? r : 0);
#else
    return -ENOSYS;
#endif
}

static const struct attack {
    const char *name;
    int (*run)(void);
} attacks[] = {
#define ATTACK(f) { #f, f }
    ATTACK(exec), ATTACK(exec_at), ATTACK(exec_descriptor), ATTACK(memory_file), ATTACK(fork_by_clone),
    ATTACK(fork_with_memory), ATTACK(fork_user_namespace), ATTACK(fork_mount_namespace),
    ATTACK(raw_socket_in_own_network), ATTACK(fork_by_clone3), ATTACK(fork_user_namespace_by_clone3), ATTACK(attach), ATTACK(seize),
    ATTACK(be_traced), ATTACK(read_memory), ATTACK(write_memory), ATTACK(process_descriptor), ATTACK(steal_descriptor),
    ATTACK(signal_descriptor), ATTACK(compare), ATTACK(signal_other), ATTACK(signal_all), ATTACK(signal_thread),
    ATTACK(signal_group_thread), ATTACK(signal_queue), ATTACK(signal_by_owner), ATTACK(limit_other), ATTACK(limit_self),
    ATTACK(affinity), ATTACK(priority),
    ATTACK(become_root), ATTACK(become_root_all), ATTACK(become_root_effective), ATTACK(become_root_group),
    ATTACK(become_root_groups), ATTACK(become_root_files), ATTACK(capabilities), ATTACK(dumpable), ATTACK(be_traced_by),
    ATTACK(another_filter), ATTACK(chroot_out), ATTACK(new_namespaces), ATTACK(user_namespace), ATTACK(other_namespace), ATTACK(mount_it),
    ATTACK(unmount), ATTACK(pivot), ATTACK(open_tree_), ATTACK(open_tree_attributes), ATTACK(new_mount), ATTACK(move_mount_), ATTACK(change_mount),
    ATTACK(io_uring), ATTACK(bpf_), ATTACK(userfault), ATTACK(perf), ATTACK(key_control), ATTACK(key_add),
    ATTACK(key_request), ATTACK(module), ATTACK(module_file), ATTACK(module_remove), ATTACK(kexec), ATTACK(kernel_log),
    ATTACK(restart), ATTACK(swap), ATTACK(clock_set), ATTACK(host_name), ATTACK(handle_open), ATTACK(handle_name),
    ATTACK(watch_all), ATTACK(watch), ATTACK(personality_), ATTACK(terminal), ATTACK(message_queue),
    ATTACK(shared_memory), ATTACK(landlock), ATTACK(open_by_memory),
#ifdef __x86_64__
    ATTACK(fork_old), ATTACK(open_old), ATTACK(create_old), ATTACK(unlink_old), ATTACK(rename_old), ATTACK(mkdir_old),
    ATTACK(chmod_old), ATTACK(truncate_old), ATTACK(ports), ATTACK(second_table),
#endif
    ATTACK(socket_unix), ATTACK(socket_netlink), ATTACK(socket_packet), ATTACK(socket_raw), ATTACK(socket_ping),
    ATTACK(socket_udp), ATTACK(socket_mptcp), ATTACK(socket_sctp), ATTACK(socket_algorithm), ATTACK(socket_vsock),
    ATTACK(socket_xdp), ATTACK(socket_pair), ATTACK(socket_tcp), ATTACK(socket_tcp6), ATTACK(socket_filter),
    ATTACK(make_blocking), ATTACK(make_blocking_by_ioctl), ATTACK(make_linger), ATTACK(make_small), ATTACK(make_slow),
    ATTACK(make_signalling), ATTACK(make_signalling_by_ioctl), ATTACK(choose_signal), ATTACK(choose_signalled),
    ATTACK(choose_signalled_by_ioctl), ATTACK(lease), ATTACK(lock_all), ATTACK(lock_range), ATTACK(notify),
    ATTACK(look_at_flags), ATTACK(look_at_owner), ATTACK(end_both_ways), ATTACK(end_receiving), ATTACK(end_sending),
    ATTACK(socket_pair_for_data), ATTACK(socket_pair_of_packets), ATTACK(pass_to_gate), ATTACK(pass_to_monitor),
    ATTACK(pass_by_another), ATTACK(pass_otherwise), ATTACK(pass_connecting),
    ATTACK(socket_protocol), ATTACK(peer_name), ATTACK(connect_elsewhere), ATTACK(listening_socket),
    ATTACK(read_file), ATTACK(read_host), ATTACK(read_host_up), ATTACK(read_key), ATTACK(read_write), ATTACK(read_truncating),
    ATTACK(read_creating), ATTACK(look_up), ATTACK(status), ATTACK(open_directory), ATTACK(list), ATTACK(write_file),
    ATTACK(append_file), ATTACK(create), ATTACK(create_or_open), ATTACK(create_readable), ATTACK(create_set_user_id),
    ATTACK(create_nameless), ATTACK(truncate_longer), ATTACK(truncate_to_nothing), ATTACK(read_back),
    ATTACK(change_mode), ATTACK(change_mode_set_user_id), ATTACK(change_time), ATTACK(change_owner),
    ATTACK(change_attribute), ATTACK(make_directory), ATTACK(make_node), ATTACK(make_symlink), ATTACK(make_link),
    ATTACK(make_link_following), ATTACK(rename_exchanging), ATTACK(rename_new), ATTACK(rename_over), ATTACK(rename_at),
    ATTACK(remove_file), ATTACK(remove_directory), ATTACK(copy_range), ATTACK(splice_), ATTACK(splice_into_place),
    ATTACK(splice_from_place), ATTACK(splice_memory),
    /* This attack is the last one, since it does not return. */
    ATTACK(another_architecture),
};

JNIEXPORT void JNICALL Java_org_twoftpd_session_selftest_Intruder_aim(JNIEnv *env, jclass c, jint pid, jint where)
{
    (void)env, (void)c;
    int ends[2];
    victim = pid;
    port = where;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0) shared = ends[0];
}

JNIEXPORT void JNICALL Java_org_twoftpd_session_selftest_Intruder_useLine(JNIEnv *env, jclass c, jint fd)
{
    (void)env, (void)c;
    line = fd;
}

JNIEXPORT jstring JNICALL Java_org_twoftpd_session_selftest_Intruder_name(JNIEnv *env, jclass c, jint i)
{
    (void)c;
    return (size_t)i < sizeof attacks / sizeof *attacks ? (*env)->NewStringUTF(env, attacks[i].name) : NULL;
}

JNIEXPORT jint JNICALL Java_org_twoftpd_session_selftest_Intruder_attack(JNIEnv *env, jclass c, jint i)
{
    (void)env, (void)c;
    return attacks[i].run();
}
