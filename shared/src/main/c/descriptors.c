/* Descriptors: reading, writing, waiting.  native.h says what holds for all of these functions. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "native.h"

#define POLL_MAX 1024
#define EPOLL_MAX 256

static jfieldID fd_field;

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved UNUSED)
{
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK) return JNI_ERR;
    jclass c = (*env)->FindClass(env, "java/io/FileDescriptor");
    if (!c || !(fd_field = (*env)->GetFieldID(env, c, "fd", "I"))) return JNI_ERR;
    return JNI_VERSION_10;
}

CALL(jint, close)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    /* Linux closes the descriptor even when it answers EINTR; trying again could close another thread's. */
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

/* fstat(2) of the C library may be another call, which not every filter allows. */
CALL(jint, isPromptSocket)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    struct stat s;
    int f = fcntl(fd, F_GETFL);
    if (f < 0 || syscall(SYS_fstat, fd, &s) < 0) return -errno;
    return S_ISSOCK(s.st_mode) && (f & O_NONBLOCK);
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

/* These two have the array itself rather than a copy, for bytes that are many: no collection can begin meanwhile. */
CALL(jint, readInto)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b, jint off, jint len)
{
    jint bad = region(env, b, off, len);
    if (bad) return bad;
    char *p = (*env)->GetPrimitiveArrayCritical(env, b, NULL);
    if (!p) return -ENOMEM;
    jint r = (jint)lresult(read(fd, p + off, (size_t)len));
    (*env)->ReleasePrimitiveArrayCritical(env, b, p, 0);
    return r;
}

CALL(jint, writeOutOf)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b, jint off, jint len)
{
    jint bad = region(env, b, off, len);
    if (bad) return bad;
    char *p = (*env)->GetPrimitiveArrayCritical(env, b, NULL);
    if (!p) return -ENOMEM;
    jint r = (jint)lresult(write(fd, p + off, (size_t)len));
    (*env)->ReleasePrimitiveArrayCritical(env, b, p, JNI_ABORT);
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
static int make_data_pair(int p[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, p); }
static int make_socketpair(int p[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p); }

CALL(jint, pipe)(JNIEnv *env, jclass c UNUSED, jintArray ends)
{
    return both_ends(env, ends, make_pipe);
}

CALL(jint, socketpair)(JNIEnv *env, jclass c UNUSED, jintArray ends)
{
    return both_ends(env, ends, make_socketpair);
}

CALL(jint, dataPair)(JNIEnv *env, jclass c UNUSED, jintArray ends)
{
    return both_ends(env, ends, make_data_pair);
}

CALL(jint, eventfd)(JNIEnv *env UNUSED, jclass c UNUSED)
{
    return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}
