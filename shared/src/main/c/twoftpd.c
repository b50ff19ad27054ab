/*
 * The JNI side of org.twoftpd.shared.os.Native, and nothing else.  Trusted with everything, so it stays boring: one
 * function a system call, no decision, and no state but for signals.  Results are the call's own, or -errno.  Arrays
 * are copied in and out with their bounds checked; what does not fit is an error, never a shorter copy.  A null is
 * -EFAULT, as the kernel has it.  Copies lie on the stack, 72 KiB at most: HotSpot keeps 80 KiB free for native code
 * (-XX:StackShadowPages).  Those that may be passwords or hashes (read, write, recvmsg) are wiped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <limits.h>
#include <grp.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_twoftpd_shared_os_Native_##name
#define UNUSED __attribute__((unused))
#define CHUNK 65536
#define POLL_MAX 1024
#define EPOLL_MAX 256
#define DESCRIPTORS_MAX 16
#define STATUS_FIELDS 9
#define NAMES_MAX 128
#define NAMES_ROOM (NAMES_MAX * (NAME_MAX + 1))

static jint result(int r) { return r < 0 ? -errno : r; }
static jlong lresult(int64_t r) { return r < 0 ? -errno : (jlong)r; }

/* The length of an array, or -EFAULT. */
static jint length(JNIEnv *env, jarray array)
{
    return array ? (*env)->GetArrayLength(env, array) : -EFAULT;
}

/* Copies a name and ends it with NUL.  0, or -errno. */
static jint name(JNIEnv *env, jbyteArray array, char *to)
{
    jsize n = length(env, array);
    if (n < 0) return n;
    if (n >= PATH_MAX) return -ENAMETOOLONG;
    (*env)->GetByteArrayRegion(env, array, 0, n, (jbyte *)to);
    to[n] = 0;
    return memchr(to, 0, (size_t)n) ? -EINVAL : 0;
}

/* A sockaddr.  Its length, or -errno. */
static jint sockaddr(JNIEnv *env, jbyteArray array, struct sockaddr_storage *to)
{
    jsize n = length(env, array);
    if (n < 0) return n;
    if (n < (jsize)sizeof(sa_family_t) || n > (jsize)sizeof *to) return -EINVAL;
    memset(to, 0, sizeof *to);
    (*env)->GetByteArrayRegion(env, array, 0, n, (jbyte *)to);
    return n;
}

/* 0 when the region lies inside the array, else -errno. */
static jint region(JNIEnv *env, jbyteArray array, jint off, jint len)
{
    jsize n = length(env, array);
    if (n < 0) return n;
    return off < 0 || len < 0 || off > n || len > n - off ? -EINVAL : 0;
}

static jfieldID fd_field;

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved UNUSED)
{
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK) return JNI_ERR;
    jclass c = (*env)->FindClass(env, "java/io/FileDescriptor");
    if (!c || !(fd_field = (*env)->GetFieldID(env, c, "fd", "I"))) return JNI_ERR;
    return JNI_VERSION_10;
}

/* ---- descriptors ---- */

CALL(jint, close)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    /* After EINTR Linux has closed the descriptor all the same; trying again could close another thread's. */
    int r = close(fd);
    return r < 0 && errno == EINTR ? 0 : result(r);
}

CALL(jint, number)(JNIEnv *env, jclass c UNUSED, jobject o)
{
    return o ? (*env)->GetIntField(env, o, fd_field) : -EFAULT;
}

CALL(void, renumber)(JNIEnv *env, jclass c UNUSED, jobject o, jint fd)
{
    if (o) (*env)->SetIntField(env, o, fd_field, fd);
}

static jint set_flag(int fd, int get, int set, int flag, jboolean on)
{
    int f = fcntl(fd, get);
    if (f < 0) return -errno;
    return result(fcntl(fd, set, on ? f | flag : f & ~flag));
}

CALL(jint, setNonblocking)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jboolean on)
{
    return set_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, on);
}

CALL(jint, setCloseOnExec)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jboolean on)
{
    return set_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, on);
}

CALL(jint, duplicate)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint lowest)
{
    return result(fcntl(fd, F_DUPFD_CLOEXEC, lowest));
}

CALL(jint, read)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b, jint off, jint len)
{
    char buf[CHUNK];
    jint bad = region(env, b, off, len);
    if (bad) return bad;
    ssize_t r = read(fd, buf, (size_t)(len < CHUNK ? len : CHUNK));
    if (r < 0) return -errno;
    (*env)->SetByteArrayRegion(env, b, off, (jsize)r, (jbyte *)buf);
    explicit_bzero(buf, (size_t)r);
    return (jint)r;
}

CALL(jint, write)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b, jint off, jint len)
{
    char buf[CHUNK];
    jint bad = region(env, b, off, len);
    if (bad) return bad;
    if (len > CHUNK) len = CHUNK;
    (*env)->GetByteArrayRegion(env, b, off, len, (jbyte *)buf);
    /* HotSpot ignores SIGPIPE, so write(2) answers EPIPE; nothing more is needed here. */
    jint r = (jint)lresult(write(fd, buf, (size_t)len));
    explicit_bzero(buf, (size_t)len);
    return r;
}

CALL(jlong, readTo)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jlong address, jlong len)
{
    if (!address) return -EFAULT;
    return len < 0 ? -EINVAL : lresult(read(fd, (void *)(intptr_t)address, (size_t)len));
}

CALL(jlong, writeFrom)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jlong address, jlong len)
{
    if (!address) return -EFAULT;
    return len < 0 ? -EINVAL : lresult(write(fd, (const void *)(intptr_t)address, (size_t)len));
}

CALL(jlong, allocate)(JNIEnv *env UNUSED, jclass c UNUSED, jlong len)
{
    return len < 0 ? 0 : (jlong)(intptr_t)calloc(1, (size_t)len);
}

CALL(jint, put)(JNIEnv *env UNUSED, jclass c UNUSED, jlong address, jbyte b)
{
    if (!address) return -EFAULT;
    *(jbyte *)(intptr_t)address = b;
    return 0;
}

CALL(jint, poll)(JNIEnv *env, jclass c UNUSED, jintArray fds, jshortArray events, jint count, jint timeout)
{
    struct pollfd p[POLL_MAX];
    jint f[POLL_MAX];
    jshort e[POLL_MAX];
    jsize n = length(env, fds), m = length(env, events);
    if (n < 0 || m < 0) return -EFAULT;
    if (count < 0 || count > POLL_MAX || count > n || count > m) return -EINVAL;
    (*env)->GetIntArrayRegion(env, fds, 0, count, f);
    (*env)->GetShortArrayRegion(env, events, 0, count, e);
    for (int i = 0; i < count; i++) p[i] = (struct pollfd){ .fd = f[i], .events = e[i] };
    int r = poll(p, (nfds_t)count, timeout);
    if (r < 0) return -errno;
    for (int i = 0; i < count; i++) e[i] = p[i].revents;
    (*env)->SetShortArrayRegion(env, events, 0, count, e);
    return r;
}

CALL(jint, epollCreate)(JNIEnv *env UNUSED, jclass c UNUSED)
{
    return result(epoll_create1(EPOLL_CLOEXEC));
}

CALL(jint, epollControl)(JNIEnv *env UNUSED, jclass c UNUSED, jint epoll, jint operation, jint fd, jint events)
{
    struct epoll_event e = { .events = (uint32_t)events, .data.fd = fd };
    return result(epoll_ctl(epoll, operation, fd, &e));
}

CALL(jint, epollWait)(JNIEnv *env, jclass c UNUSED, jint epoll, jintArray fds, jintArray events, jint timeout)
{
    struct epoll_event e[EPOLL_MAX];
    jint f[EPOLL_MAX], v[EPOLL_MAX];
    jsize room = length(env, fds), m = length(env, events);
    if (room < 0 || m < 0) return -EFAULT;
    if (room > EPOLL_MAX) room = EPOLL_MAX;
    if (room < 1 || m < room) return -EINVAL;
    int n = epoll_wait(epoll, e, room, timeout);
    if (n < 0) return -errno;
    for (int i = 0; i < n; i++) {
        f[i] = e[i].data.fd;
        v[i] = (jint)e[i].events;
    }
    (*env)->SetIntArrayRegion(env, fds, 0, n, f);
    (*env)->SetIntArrayRegion(env, events, 0, n, v);
    return n;
}

static jint both_ends(JNIEnv *env, jintArray ends, int (*make)(int[2]))
{
    int p[2];
    jsize n = length(env, ends);
    if (n < 0) return n;
    if (n != 2) return -EINVAL;
    if (make(p) < 0) return -errno;
    (*env)->SetIntArrayRegion(env, ends, 0, 2, p);
    return 0;
}

static int make_pipe(int p[2]) { return pipe2(p, O_CLOEXEC | O_NONBLOCK); }
static int make_socketpair(int p[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p); }

CALL(jint, pipe)(JNIEnv *env, jclass c UNUSED, jintArray ends)
{
    return both_ends(env, ends, make_pipe);
}

CALL(jint, socketpair)(JNIEnv *env, jclass c UNUSED, jintArray ends)
{
    return both_ends(env, ends, make_socketpair);
}

CALL(jint, eventfd)(JNIEnv *env UNUSED, jclass c UNUSED)
{
    return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

/* ---- sockets ---- */

CALL(jint, socket)(JNIEnv *env UNUSED, jclass c UNUSED, jint domain, jint type, jint protocol)
{
    return result(socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
}

CALL(jint, bind)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray a)
{
    struct sockaddr_storage s;
    jint n = sockaddr(env, a, &s);
    return n < 0 ? n : result(bind(fd, (struct sockaddr *)&s, (socklen_t)n));
}

CALL(jint, connect)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray a)
{
    struct sockaddr_storage s;
    jint n = sockaddr(env, a, &s);
    return n < 0 ? n : result(connect(fd, (struct sockaddr *)&s, (socklen_t)n));
}

CALL(jint, listen)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint backlog)
{
    return result(listen(fd, backlog));
}

CALL(jint, accept)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    return result(accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

CALL(jint, acceptFrom)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray peer)
{
    union {
        struct sockaddr any;
        struct sockaddr_in6 longest;
    } a = { 0 };
    socklen_t n = sizeof a;
    jsize room = length(env, peer);
    if (room < 0) return room;
    if (room != sizeof a) return -EINVAL;
    int r = accept4(fd, &a.any, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (r < 0) return -errno;
    (*env)->SetByteArrayRegion(env, peer, 0, room, (jbyte *)&a);
    return r;
}

static jint address(JNIEnv *env, jint fd, jbyteArray to, int (*ask)(int, struct sockaddr *, socklen_t *))
{
    struct sockaddr_storage s;
    socklen_t n = sizeof s;
    jsize room = length(env, to);
    if (room < 0) return room;
    if (ask(fd, (struct sockaddr *)&s, &n) < 0) return -errno;
    if (n > sizeof s || (jsize)n > room) return -EINVAL;
    (*env)->SetByteArrayRegion(env, to, 0, (jsize)n, (jbyte *)&s);
    return (jint)n;
}

/* Wrapped, since the C library declares them with a transparent union. */
static int local_name(int fd, struct sockaddr *s, socklen_t *n) { return getsockname(fd, s, n); }
static int peer_name(int fd, struct sockaddr *s, socklen_t *n) { return getpeername(fd, s, n); }

CALL(jint, getsockname)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray to)
{
    return address(env, fd, to, local_name);
}

CALL(jint, getpeername)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray to)
{
    return address(env, fd, to, peer_name);
}

CALL(jint, setsockopt)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint level, jint option, jint value)
{
    return result(setsockopt(fd, level, option, &value, sizeof value));
}

CALL(jint, setLinger)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint seconds)
{
    struct linger l = { .l_onoff = 1, .l_linger = seconds };
    return result(setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l));
}

CALL(jint, getsockopt)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint level, jint option)
{
    int value = 0;
    socklen_t n = sizeof value;
    return getsockopt(fd, level, option, &value, &n) < 0 ? -errno : value;
}

CALL(jint, shutdown)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint how)
{
    return result(shutdown(fd, how));
}

CALL(jint, recvmsg)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b, jint off, jint len, jintArray descriptors)
{
    char buf[CHUNK];
    union {
        char room[CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
        struct cmsghdr align;
    } control;
    jint got[DESCRIPTORS_MAX];
    jsize room = length(env, descriptors), n = 0;
    jint bad = room < 0 ? room : region(env, b, off, len);
    if (bad) return bad;
    if (room > DESCRIPTORS_MAX) return -EINVAL;
    struct iovec iov = { buf, (size_t)(len < CHUNK ? len : CHUNK) };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    ssize_t r = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
    if (r < 0) return -errno;
    int lost = (m.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) != 0;
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
        if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS) continue;
        size_t count = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int d;
            memcpy(&d, CMSG_DATA(h) + i * sizeof d, sizeof d);
            if (n < room) got[n++] = d;
            else { close(d); lost = 1; }
        }
    }
    if (lost) {
        while (n > 0) close(got[--n]);
        return -EMSGSIZE;
    }
    for (jsize i = n; i < room; i++) got[i] = -1;
    (*env)->SetIntArrayRegion(env, descriptors, 0, room, got);
    (*env)->SetByteArrayRegion(env, b, off, (jsize)r, (jbyte *)buf);
    explicit_bzero(buf, (size_t)r);
    return (jint)r;
}

CALL(jint, peerUid)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    struct ucred u;
    socklen_t n = sizeof u;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &u, &n) < 0 ? -errno : (jint)u.uid;
}

/* ---- files ---- */

#define WITH_NAME(p, array) \
    char p[PATH_MAX]; \
    do { jint bad_ = name(env, array, p); if (bad_) return bad_; } while (0)

CALL(jint, openat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint flags, jint mode)
{
    WITH_NAME(p, path);
    return result(openat(dir, p, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, (mode_t)mode));
}

/* 0, or -errno. */
static jint status(jint dir, const char *path, jint flags, jlong v[static STATUS_FIELDS])
{
    struct statx s;
    if (statx(dir, path, flags, STATX_BASIC_STATS, &s) < 0) return -errno;
    v[0] = s.stx_mode;
    v[1] = s.stx_nlink;
    v[2] = s.stx_uid;
    v[3] = s.stx_gid;
    v[4] = (jlong)s.stx_size;
    v[5] = s.stx_mtime.tv_sec;
    v[6] = s.stx_mtime.tv_nsec;
    v[7] = (jlong)s.stx_ino;
    v[8] = ((jlong)s.stx_dev_major << 32) | s.stx_dev_minor;
    return 0;
}

CALL(jint, statx)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint flags, jlongArray out)
{
    WITH_NAME(p, path);
    jlong v[STATUS_FIELDS];
    jsize n = length(env, out);
    if (n < 0) return n;
    if (n < STATUS_FIELDS) return -EINVAL;
    jint r = status(dir, p, flags, v);
    if (r == 0) (*env)->SetLongArrayRegion(env, out, 0, STATUS_FIELDS, v);
    return r;
}

CALL(jint, statxEach)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray names, jint len, jint flags, jlongArray out)
{
    char p[NAMES_ROOM];
    jlong v[NAMES_MAX * STATUS_FIELDS];
    jsize n = 0, room = length(env, out);
    jint bad = room < 0 ? room : region(env, names, 0, len);
    if (bad) return bad;
    if (len > NAMES_ROOM) return -EINVAL;
    (*env)->GetByteArrayRegion(env, names, 0, len, (jbyte *)p);
    if (len && p[len - 1]) return -EINVAL;
    for (jint at = 0; at < len; at += (jint)strlen(p + at) + 1, n++) {
        jlong *to = v + n * STATUS_FIELDS;
        if (n == NAMES_MAX || n >= room / STATUS_FIELDS) return -EINVAL;
        jint r = status(dir, p + at, flags, to);
        if (r < 0) {
            memset(to, 0, STATUS_FIELDS * sizeof *to);
            to[0] = r;
        }
    }
    (*env)->SetLongArrayRegion(env, out, 0, n * STATUS_FIELDS, v);
    return n;
}

CALL(jint, getdents64)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b)
{
    char buf[CHUNK];
    jsize n = length(env, b);
    if (n < 0) return n;
    long r = syscall(SYS_getdents64, fd, buf, n < CHUNK ? n : CHUNK);
    if (r < 0) return -errno;
    (*env)->SetByteArrayRegion(env, b, 0, (jsize)r, (jbyte *)buf);
    return (jint)r;
}

CALL(jint, unlinkat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint flags)
{
    WITH_NAME(p, path);
    return result(unlinkat(dir, p, flags));
}

CALL(jint, renameat2)(JNIEnv *env, jclass c UNUSED, jint from_dir, jbyteArray from, jint to_dir, jbyteArray to, jint flags)
{
    WITH_NAME(p, from);
    WITH_NAME(q, to);
    return result(renameat2(from_dir, p, to_dir, q, (unsigned)flags));
}

CALL(jint, linkat)(JNIEnv *env, jclass c UNUSED, jint from_dir, jbyteArray from, jint to_dir, jbyteArray to, jint flags)
{
    WITH_NAME(p, from);
    WITH_NAME(q, to);
    return result(linkat(from_dir, p, to_dir, q, flags));
}

CALL(jint, mkdirat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint mode)
{
    WITH_NAME(p, path);
    return result(mkdirat(dir, p, (mode_t)mode));
}

CALL(jint, fchmodat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint mode)
{
    WITH_NAME(p, path);
    return result(fchmodat(dir, p, (mode_t)mode, 0));
}

CALL(jint, fchmod)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint mode)
{
    return result(fchmod(fd, (mode_t)mode));
}

CALL(jint, utimensat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jlong seconds, jlong nanoseconds)
{
    WITH_NAME(p, path);
    if (nanoseconds < 0 || nanoseconds > 999999999) return -EINVAL; /* UTIME_NOW and UTIME_OMIT among them */
    struct timespec t[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = seconds, .tv_nsec = (long)nanoseconds } };
    return result(utimensat(dir, p, t, 0));
}

CALL(jint, readlinkat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jbyteArray to)
{
    WITH_NAME(p, path);
    char buf[PATH_MAX];
    jsize n = length(env, to);
    if (n < 0) return n;
    ssize_t r = readlinkat(dir, p, buf, sizeof buf);
    if (r < 0) return -errno;
    if (r == sizeof buf || r > n) return -ENAMETOOLONG;
    (*env)->SetByteArrayRegion(env, to, 0, (jsize)r, (jbyte *)buf);
    return (jint)r;
}

CALL(jint, faccessat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint mode)
{
    WITH_NAME(p, path);
    return result(faccessat(dir, p, mode, AT_EACCESS));
}

CALL(jint, ftruncate)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jlong len)
{
    return result(ftruncate(fd, len));
}

CALL(jlong, lseek)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jlong off, jint whence)
{
    return lresult(lseek(fd, off, whence));
}

CALL(jint, fsync)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    return result(fsync(fd));
}

CALL(jlong, freeBytes)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    struct statvfs s;
    if (fstatvfs(fd, &s) < 0) return -errno;
    uint64_t n;
    if (__builtin_mul_overflow((uint64_t)s.f_bavail, (uint64_t)s.f_frsize, &n) || n > INT64_MAX) n = INT64_MAX;
    return (jlong)n;
}

CALL(jlong, sendfile)(JNIEnv *env UNUSED, jclass c UNUSED, jint out, jint in, jlong off, jlong count)
{
    off_t o = off;
    return lresult(sendfile(out, in, &o, (size_t)count));
}

CALL(jlong, splice)(JNIEnv *env UNUSED, jclass c UNUSED, jint in, jint out, jlong count)
{
    if (count < 0) return -EINVAL;
    return lresult(splice(in, NULL, out, NULL, (size_t)count, SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
}

CALL(jint, setPipeSize)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint bytes)
{
    return result(fcntl(fd, F_SETPIPE_SZ, bytes));
}

/* ---- the process itself ---- */

CALL(jint, getrandom)(JNIEnv *env, jclass c UNUSED, jbyteArray to)
{
    /* Up to 256 bytes come whole and uninterrupted, says getrandom(2). */
    jbyte buf[256];
    jsize n = length(env, to);
    if (n < 0) return n;
    if (n > (jsize)sizeof buf) return -EINVAL;
    ssize_t r = getrandom(buf, (size_t)n, 0);
    if (r < 0) return -errno;
    if (r != n) return -EIO;
    (*env)->SetByteArrayRegion(env, to, 0, n, buf);
    return 0;
}

CALL(void, exit)(JNIEnv *env UNUSED, jclass c UNUSED, jint status) { _exit(status); }

CALL(jint, getpid)(JNIEnv *env UNUSED, jclass c UNUSED) { return getpid(); }
CALL(jint, gettid)(JNIEnv *env UNUSED, jclass c UNUSED) { return gettid(); }
CALL(jint, geteuid)(JNIEnv *env UNUSED, jclass c UNUSED) { return (jint)geteuid(); }
CALL(jint, umask)(JNIEnv *env UNUSED, jclass c UNUSED, jint mask) { return (jint)umask((mode_t)mask); }

CALL(jint, chdir)(JNIEnv *env, jclass c UNUSED, jbyteArray path)
{
    WITH_NAME(p, path);
    return result(chdir(p));
}

CALL(jint, fchdir)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    return result(fchdir(fd));
}

CALL(jint, chroot)(JNIEnv *env, jclass c UNUSED, jbyteArray path)
{
    WITH_NAME(p, path);
    return result(chroot(p));
}

CALL(jint, setgroups)(JNIEnv *env, jclass c UNUSED, jintArray groups)
{
    jint g[NGROUPS_MAX > 4096 ? 4096 : NGROUPS_MAX];
    _Static_assert(sizeof(gid_t) == sizeof(jint), "gid_t");
    jsize n = length(env, groups);
    if (n < 0) return n;
    if (n > (jsize)(sizeof g / sizeof *g)) return -EINVAL;
    (*env)->GetIntArrayRegion(env, groups, 0, n, g);
    return result(setgroups((size_t)n, (const gid_t *)g));
}

CALL(jint, setresgid)(JNIEnv *env UNUSED, jclass c UNUSED, jint r, jint e, jint s)
{
    return result(setresgid((gid_t)r, (gid_t)e, (gid_t)s));
}

CALL(jint, setresuid)(JNIEnv *env UNUSED, jclass c UNUSED, jint r, jint e, jint s)
{
    return result(setresuid((uid_t)r, (uid_t)e, (uid_t)s));
}

CALL(jint, setresuidOfThread)(JNIEnv *env UNUSED, jclass c UNUSED, jint r, jint e, jint s)
{
    return result((int)syscall(SYS_setresuid, r, e, s));
}

CALL(jint, setresgidOfThread)(JNIEnv *env UNUSED, jclass c UNUSED, jint r, jint e, jint s)
{
    return result((int)syscall(SYS_setresgid, r, e, s));
}

CALL(jint, setfsuid)(JNIEnv *env UNUSED, jclass c UNUSED, jint uid)
{
    return setfsuid((uid_t)uid);
}

CALL(jint, setfsgid)(JNIEnv *env UNUSED, jclass c UNUSED, jint gid)
{
    return setfsgid((gid_t)gid);
}

CALL(jint, setrlimit)(JNIEnv *env UNUSED, jclass c UNUSED, jint resource, jlong limit)
{
    struct rlimit l = { (rlim_t)limit, (rlim_t)limit };
    return result(setrlimit((__rlimit_resource_t)resource, &l));
}

CALL(jint, prctl)(JNIEnv *env UNUSED, jclass c UNUSED, jint option, jlong a, jlong b, jlong d, jlong e)
{
    return result(prctl(option, (unsigned long)a, (unsigned long)b, (unsigned long)d, (unsigned long)e));
}

CALL(jint, seccomp)(JNIEnv *env, jclass c UNUSED, jbyteArray program)
{
    struct sock_filter f[BPF_MAXINSNS];
    jsize n = length(env, program);
    if (n < 0) return n;
    if (n == 0 || n % (jsize)sizeof *f != 0 || n > (jsize)sizeof f) return -EINVAL;
    (*env)->GetByteArrayRegion(env, program, 0, n, (jbyte *)f);
    struct sock_fprog p = { .len = (unsigned short)(n / (jsize)sizeof *f), .filter = f };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
    long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &p);
    /* A positive result is the thread that could not take the filter. */
    return r < 0 ? -errno : r > 0 ? -EAGAIN : 0;
}

/* ---- other processes ---- */

static void release(char **v)
{
    for (char **p = v; v && *p; p++) free(*p);
    free(v);
}

/* A copy of one string, or NULL with errno set. */
static char *string(JNIEnv *env, jbyteArray array)
{
    jsize n = length(env, array);
    char *s = n < 0 ? NULL : malloc((size_t)n + 1);
    if (!s) {
        errno = n < 0 ? -n : ENOMEM;
        return NULL;
    }
    (*env)->GetByteArrayRegion(env, array, 0, n, (jbyte *)s);
    s[n] = 0;
    if (!memchr(s, 0, (size_t)n)) return s;
    free(s);
    errno = EINVAL;
    return NULL;
}

/* A NULL-ended vector of strings, or NULL with errno set. */
static char **vector(JNIEnv *env, jobjectArray array)
{
    jsize n = length(env, array);
    if (n < 0) {
        errno = -n;
        return NULL;
    }
    char **v = calloc((size_t)n + 1, sizeof *v);
    for (jsize i = 0; v && i < n; i++) {
        jbyteArray a = (*env)->GetObjectArrayElement(env, array, i);
        v[i] = string(env, a);
        if (a) (*env)->DeleteLocalRef(env, a);
        if (!v[i]) {
            int why = errno;
            release(v);
            errno = why;
            return NULL;
        }
    }
    return v;
}

static int start(pid_t *pid, const char *path, char **argv, char **envp, int in, int err)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int r = posix_spawn_file_actions_init(&files);
    if (r) return r;
    if ((r = posix_spawnattr_init(&attributes)) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return r;
    }
    /* dup2 of a descriptor onto itself clears close-on-exec here, so 0 and 2 may be passed as they are; and one that is
     * not open fails, since the program would otherwise give its number to the first file that it opens. */
    if (!(r = posix_spawn_file_actions_adddup2(&files, in, 0)) &&
        !(r = posix_spawn_file_actions_adddup2(&files, err, 2)) &&
        !(r = posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)) &&
        !(r = posix_spawn_file_actions_addclosefrom_np(&files, 3)) &&
        !(r = posix_spawnattr_setsigdefault(&attributes, &all)) &&
        !(r = posix_spawnattr_setsigmask(&attributes, &none)) &&
        !(r = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)))
        r = posix_spawn(pid, path, &files, &attributes, argv, envp);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return r;
}

CALL(jint, spawn)(JNIEnv *env, jclass c UNUSED, jbyteArray path, jobjectArray arguments, jobjectArray environment, jint in, jint err)
{
    /* 0 has become another's by the time when 2 is made. */
    if (err == 0) return -EINVAL;
    WITH_NAME(p, path);
    pid_t pid = 0;
    char **argv = vector(env, arguments);
    if (!argv) return -errno;
    char **envp = vector(env, environment);
    int r = !envp ? errno : !*argv ? EINVAL : start(&pid, p, argv, envp, in, err);
    release(argv);
    release(envp);
    return r ? -r : pid;
}

CALL(jint, execve)(JNIEnv *env, jclass c UNUSED, jbyteArray path, jobjectArray arguments, jobjectArray environment)
{
    WITH_NAME(p, path);
    char **argv = vector(env, arguments);
    if (!argv) return -errno;
    char **envp = vector(env, environment);
    int why = !envp ? errno : !*argv ? EINVAL : 0;
    if (!why) {
        execve(p, argv, envp);
        why = errno;
    }
    release(argv);
    release(envp);
    return -why;
}

/* A pid that is not positive means a group of processes, or all of them: it can only be a mistake here. */

CALL(jlong, waitpid)(JNIEnv *env UNUSED, jclass c UNUSED, jint pid)
{
    int status = 0;
    if (pid <= 0) return -EINVAL;
    pid_t r = waitpid(pid, &status, WNOHANG);
    if (r < 0) return -errno;
    return r == 0 ? 0 : (jlong)(uint32_t)status | ((jlong)1 << 32);
}

CALL(jint, pidfdOpen)(JNIEnv *env UNUSED, jclass c UNUSED, jint pid)
{
    return result((int)syscall(SYS_pidfd_open, pid, 0));
}

/* The exception to "no state": a handler gets nothing but the signal's number. */
static volatile sig_atomic_t wakes[32];

static void wake(int signal)
{
    int saved = errno;
    uint64_t one = 1;
    ssize_t n = write(wakes[signal], &one, sizeof one);
    (void)n;
    errno = saved;
}

CALL(jint, watchSignal)(JNIEnv *env UNUSED, jclass c UNUSED, jint signal, jint fd)
{
    struct sigaction a = {.sa_handler = wake, .sa_flags = SA_RESTART};
    if (signal < 1 || signal > 31) return -EINVAL;
    wakes[signal] = fd;
    sigfillset(&a.sa_mask);
    return result(sigaction(signal, &a, NULL));
}

CALL(jint, kill)(JNIEnv *env UNUSED, jclass c UNUSED, jint pid, jint signal)
{
    return pid <= 0 ? -EINVAL : result(kill(pid, signal));
}
