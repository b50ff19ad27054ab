/* Sockets and their addresses.  native.h says what holds for all of these functions. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "native.h"

#define DESCRIPTORS_MAX 16
#define FRAME_MAX 64

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
    } a;
    memset(&a, 0, sizeof a);
    socklen_t n = sizeof a;
    jsize room = length(env, peer);
    if (room < 0) return room;
    if (room != sizeof a) return -EINVAL;
    int r = accept4(fd, &a.any, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (r < 0) return -errno;
    (*env)->SetByteArrayRegion(env, peer, 0, room, (jbyte *)&a);
    return r;
}

CALL(jint, getsockname)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray to)
{
    struct sockaddr_storage s;
    socklen_t n = sizeof s;
    jsize room = length(env, to);
    if (room < 0) return room;
    if (getsockname(fd, (struct sockaddr *)&s, &n) < 0) return -errno;
    if (n > sizeof s || (jsize)n > room) return -EINVAL;
    (*env)->SetByteArrayRegion(env, to, 0, (jsize)n, (jbyte *)&s);
    return (jint)n;
}

CALL(jint, setsockopt)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint level, jint option, jint value)
{
    return result(setsockopt(fd, level, option, &value, sizeof value));
}

CALL(jint, sendNow)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b, jint off, jint len)
{
    char buf[CHUNK];
    jint bad = region(env, b, off, len);
    if (bad) return bad;
    if (len > CHUNK) len = CHUNK;
    (*env)->GetByteArrayRegion(env, b, off, len, (jbyte *)buf);
    jint r = (jint)lresult(send(fd, buf, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL));
    explicit_bzero(buf, (size_t)len);
    return r;
}

CALL(jint, setLinger)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint seconds)
{
    struct linger l = { .l_onoff = seconds >= 0, .l_linger = seconds < 0 ? 0 : seconds };
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
        explicit_bzero(buf, (size_t)r);
        return -EMSGSIZE;
    }
    for (jsize i = n; i < room; i++) got[i] = -1;
    (*env)->SetIntArrayRegion(env, descriptors, 0, room, got);
    (*env)->SetByteArrayRegion(env, b, off, (jsize)r, (jbyte *)buf);
    explicit_bzero(buf, (size_t)r);
    return (jint)r;
}

CALL(jint, sendDescriptors)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b, jint first, jint second)
{
    char buf[FRAME_MAX];
    int both[2] = { first, second };
    union {
        char room[CMSG_SPACE(sizeof both)];
        struct cmsghdr align;
    } control;
    jsize n = length(env, b);
    if (n < 0) return n;
    if (n < 1 || n > FRAME_MAX) return -EINVAL;
    (*env)->GetByteArrayRegion(env, b, 0, n, (jbyte *)buf);
    struct iovec iov = { buf, (size_t)n };
    memset(&control, 0, sizeof control);
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET;
    h->cmsg_type = SCM_RIGHTS;
    h->cmsg_len = CMSG_LEN(sizeof both);
    memcpy(CMSG_DATA(h), both, sizeof both);
    return result((int)sendmsg(fd, &m, MSG_NOSIGNAL));
}

CALL(jint, peerUid)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    struct ucred u;
    socklen_t n = sizeof u;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &u, &n) < 0 ? -errno : (jint)u.uid;
}
