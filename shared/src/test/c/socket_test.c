/*
 * Sockets: addresses of every wrong length, and descriptors that come along with a message, among them too many.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake_jni.h"
#include "test.h"

/* Connects, and answers the other end, accepted in this way or that. */
static int connect_and(int client, int server, const struct sockaddr_in *to, jbyteArray name)
{
    int r = NATIVE(connect, client, bytes(to, sizeof *to)), accepted = -EAGAIN;
    CHECK(r == 0 || r == -EINPROGRESS, "connect answered %d", r);
    for (int i = 0; accepted == -EAGAIN && i < 1000; i++) {
        accepted = name ? NATIVE(acceptFrom, server, name) : NATIVE(accept, server);
        if (accepted == -EAGAIN) usleep(1000);
    }
    CHECK(accepted >= 0, "accept answered %d", accepted);
    CHECK(fcntl(accepted, F_GETFL) & O_NONBLOCK, "a blocking connection");
    EQUAL(fcntl(accepted, F_GETFD), FD_CLOEXEC);
    return accepted;
}

/* Waits for no room, on a socket that blocks either. */
static void send_now(int fd)
{
    jbyteArray much = room(100000);
    int n = 1;
    EQUAL(NATIVE(setNonblocking, fd, JNI_FALSE), 0);
    for (int i = 0; n > 0 && i < 10000; i++) n = NATIVE(sendNow, fd, much, 0, 100000);
    EQUAL(n, -EAGAIN);
    EQUAL(NATIVE(sendNow, fd, much, 1, 100000), -EINVAL);
    EQUAL(NATIVE(sendNow, fd, NULL, 0, 0), -EFAULT);
    EQUAL(NATIVE(sendNow, -1, much, 0, 1), -EBADF);
}

static void tcp(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, local, peer;
    int server = NATIVE(socket, AF_INET, SOCK_STREAM, 0), client = NATIVE(socket, AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof peer;
    CHECK(server >= 0 && client >= 0, "socket");
    EQUAL(fcntl(server, F_GETFD), FD_CLOEXEC);
    CHECK(fcntl(server, F_GETFL) & O_NONBLOCK, "a blocking socket");
    EQUAL(NATIVE(setsockopt, server, SOL_SOCKET, SO_REUSEADDR, 1), 0);
    EQUAL(NATIVE(getsockopt, server, SOL_SOCKET, SO_REUSEADDR), 1);
    EQUAL(NATIVE(getsockopt, server, SOL_SOCKET, SO_ERROR), 0);
    EQUAL(NATIVE(getsockopt, server, SOL_SOCKET, 12345), -ENOPROTOOPT);
    EQUAL(NATIVE(bind, server, bytes(&a, sizeof a)), 0);
    EQUAL(NATIVE(listen, server, 1), 0);
    EQUAL(NATIVE(accept, server), -EAGAIN);
    jbyteArray name = room(sizeof local);
    EQUAL(NATIVE(getsockname, server, name), sizeof local);
    EQUAL(NATIVE(getsockname, server, room(sizeof local - 1)), -EINVAL);
    EQUAL(NATIVE(getsockname, server, NULL), -EFAULT);
    memcpy(&local, in(name), sizeof local);
    int accepted = connect_and(client, server, &local, NULL);
    EQUAL(NATIVE(close, accepted), 0);
    int second = NATIVE(socket, AF_INET, SOCK_STREAM, 0);
    char old[28];
    name = bytes(memset(old, 'x', sizeof old), sizeof old);
    accepted = connect_and(second, server, &local, name);
    CHECK(getsockname(second, (struct sockaddr *)&peer, &size) == 0, "getsockname");
    CHECK(!memcmp(in(name), &peer, sizeof peer), "another peer");
    for (size_t i = sizeof peer; i < sizeof old; i++) EQUAL(((const char *)in(name))[i], 0);
    send_now(second);
    EQUAL(NATIVE(close, second), 0);
    EQUAL(NATIVE(setsockopt, client, IPPROTO_TCP, TCP_NODELAY, 1), 0);
    struct linger l;
    size = sizeof l;
    EQUAL(NATIVE(setLinger, client, 7), 0);
    CHECK(getsockopt(client, SOL_SOCKET, SO_LINGER, &l, &size) == 0 && l.l_onoff && l.l_linger == 7, "SO_LINGER");
    EQUAL(NATIVE(setLinger, client, -1), 0);
    CHECK(getsockopt(client, SOL_SOCKET, SO_LINGER, &l, &size) == 0 && !l.l_onoff, "SO_LINGER");
    EQUAL(NATIVE(setLinger, client, 0), 0);
    EQUAL(NATIVE(setLinger, -1, 0), -EBADF);
    EQUAL(NATIVE(shutdown, client, SHUT_WR), 0);
    EQUAL(NATIVE(shutdown, client, 77), -EINVAL);
    EQUAL(NATIVE(close, accepted), 0);
    EQUAL(NATIVE(close, client), 0);
    EQUAL(NATIVE(close, server), 0);
}

static void bad_addresses(void)
{
    int s = NATIVE(socket, AF_INET, SOCK_STREAM, 0);
    static const size_t lengths[] = { 0, 1, sizeof(struct sockaddr_storage) + 1, 100000 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        EQUAL(NATIVE(bind, s, room(lengths[i])), -EINVAL);
        EQUAL(NATIVE(connect, s, room(lengths[i])), -EINVAL);
    }
    sa_family_t family = AF_INET;
    EQUAL(NATIVE(bind, s, bytes(&family, sizeof family)), -EINVAL);
    EQUAL(NATIVE(bind, s, room(sizeof(struct sockaddr_storage))), -EAFNOSUPPORT);
    EQUAL(NATIVE(bind, s, NULL), -EFAULT);
    EQUAL(NATIVE(connect, s, NULL), -EFAULT);
    EQUAL(NATIVE(bind, -1, room(16)), -EBADF);
    EQUAL(NATIVE(socket, 9999, SOCK_STREAM, 0), -EAFNOSUPPORT);
    EQUAL(NATIVE(listen, -1, 1), -EBADF);
    EQUAL(NATIVE(accept, -1), -EBADF);
    EQUAL(NATIVE(acceptFrom, -1, room(28)), -EBADF);
    EQUAL(NATIVE(acceptFrom, -1, NULL), -EFAULT);
    EQUAL(NATIVE(acceptFrom, -1, room(27)), -EINVAL);
    EQUAL(NATIVE(acceptFrom, -1, room(29)), -EINVAL);
    EQUAL(NATIVE(peerUid, -1), -EBADF);
    EQUAL(NATIVE(close, s), 0);
}

/* The longest name of a UNIX socket, without a NUL at its end. */
static void long_unix_name(void)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int n = snprintf(a.sun_path, sizeof a.sun_path, "%s/", scratch);
    memset(a.sun_path + n, 'n', sizeof a.sun_path - (size_t)n);
    int s = NATIVE(socket, AF_UNIX, SOCK_STREAM, 0);
    EQUAL(NATIVE(bind, s, bytes(&a, sizeof a)), 0);
    jbyteArray name = room(200);
    CHECK(NATIVE(getsockname, s, name) >= (int)sizeof a, "the name was cut");
    CHECK(!memcmp(in(name), &a, sizeof a), "another name");
    EQUAL(NATIVE(getsockname, s, room(28)), -EINVAL);
    EQUAL(NATIVE(close, s), 0);
}

static void stream(int p[2], int type) { CHECK(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, p) == 0, "socketpair"); }

/* Sends text with count copies of a descriptor. */
static void send_with(int to, const char *text, int count)
{
    static union { char room[CMSG_SPACE(sizeof(int) * 253)]; struct cmsghdr align; } control;
    struct iovec iov = { (void *)text, strlen(text) };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
    if (count) {
        m.msg_control = &control;
        m.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
        struct cmsghdr *h = CMSG_FIRSTHDR(&m);
        *h = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
                               .cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count) };
        for (int i = 0; i < count; i++) memcpy(CMSG_DATA(h) + (size_t)i * sizeof to, &to, sizeof to);
    }
    EQUAL(sendmsg(to, &m, 0), (long long)strlen(text));
}

static void descriptors_expected(void)
{
    int p[2];
    jint none[4] = { 1, 2, 3, 4 };
    stream(p, SOCK_STREAM);
    jintArray got = ints(none, 4);
    jbyteArray b = room(10);
    send_with(p[0], "hello", 2);
    EQUAL(NATIVE(recvmsg, p[1], b, 3, 7, got), 5);
    CHECK(!memcmp(in(b), "ZZZhelloZZ", 10), "another region");
    jint *d = in(got);
    CHECK(d[0] >= 0 && d[1] >= 0 && d[0] != d[1], "descriptors %d and %d", d[0], d[1]);
    EQUAL(fcntl(d[0], F_GETFD), FD_CLOEXEC);
    EQUAL(fcntl(d[1], F_GETFD), FD_CLOEXEC);
    EQUAL(d[2], -1);
    EQUAL(d[3], -1);
    EQUAL(NATIVE(close, d[0]), 0);
    EQUAL(NATIVE(close, d[1]), 0);
    send_with(p[0], "plain", 0);
    EQUAL(NATIVE(recvmsg, p[1], b, 0, 5, got), 5);
    EQUAL(d[0], -1);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(recvmsg, p[1], b, 0, 5, got), 0);
    EQUAL(NATIVE(close, p[1]), 0);
    EQUAL(NATIVE(recvmsg, p[1], b, 0, 5, got), -EBADF);
}

static void too_many(int sent, size_t expected)
{
    int p[2], before;
    jint none[16] = { 0 };
    stream(p, SOCK_STREAM);
    send_with(p[0], "x", sent);
    jintArray got = ints(none, expected);
    before = open_descriptors();
    EQUAL(NATIVE(recvmsg, p[1], room(1), 0, 1, got), -EMSGSIZE);
    EQUAL(open_descriptors(), before);
    for (size_t i = 0; i < expected; i++) EQUAL(((jint *)in(got))[i], 0);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(close, p[1]), 0);
}

static void descriptors_unexpected(void)
{
    too_many(1, 0);
    too_many(2, 1);
    too_many(16, 15);
    too_many(17, 16);
    too_many(253, 0);
    too_many(253, 16);
}

static void sixteen(void)
{
    int p[2];
    jint none[17] = { 0 };
    stream(p, SOCK_STREAM);
    send_with(p[0], "x", 16);
    jintArray got = ints(none, 16);
    EQUAL(NATIVE(recvmsg, p[1], room(1), 0, 1, got), 1);
    for (int i = 0; i < 16; i++) EQUAL(NATIVE(close, ((jint *)in(got))[i]), 0);
    EQUAL(NATIVE(recvmsg, p[1], room(1), 0, 1, ints(none, 17)), -EINVAL);
    EQUAL(NATIVE(recvmsg, p[1], room(1), 0, 2, ints(none, 1)), -EINVAL);
    EQUAL(NATIVE(recvmsg, p[1], room(1), -1, 1, ints(none, 1)), -EINVAL);
    EQUAL(NATIVE(recvmsg, p[1], NULL, 0, 0, ints(none, 1)), -EFAULT);
    EQUAL(NATIVE(recvmsg, p[1], room(1), 0, 1, NULL), -EFAULT);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(close, p[1]), 0);
}

/* Credentials that the receiver asked for are not descriptors. */
static void credentials_along(void)
{
    int p[2], on = 1;
    jint none[1] = { 0 };
    stream(p, SOCK_STREAM);
    CHECK(setsockopt(p[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0, "SO_PASSCRED");
    send_with(p[0], "x", 1);
    jintArray got = ints(none, 1);
    EQUAL(NATIVE(recvmsg, p[1], room(1), 0, 1, got), 1);
    EQUAL(NATIVE(close, *(jint *)in(got)), 0);
    EQUAL(NATIVE(peerUid, p[1]), getuid());
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(close, p[1]), 0);
}

/* A message that was longer than the room for it is an error, not half a message. */
static void cut_message(void)
{
    int p[2];
    jint none[1] = { 0 };
    stream(p, SOCK_SEQPACKET);
    send_with(p[0], "too long", 1);
    int before = open_descriptors();
    EQUAL(NATIVE(recvmsg, p[1], room(4), 0, 4, ints(none, 1)), -EMSGSIZE);
    EQUAL(open_descriptors(), before);
    send_with(p[0], "fits", 0);
    EQUAL(NATIVE(recvmsg, p[1], room(4), 0, 4, ints(none, 1)), 4);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(close, p[1]), 0);
}

const struct test socket_tests[] = {
    { "TCP", tcp, 0, NULL },
    { "addresses of a wrong length", bad_addresses, 0, NULL },
    { "the longest UNIX name", long_unix_name, 0, NULL },
    { "descriptors that are expected", descriptors_expected, 0, NULL },
    { "descriptors that are not expected", descriptors_unexpected, 0, NULL },
    { "sixteen descriptors", sixteen, 0, NULL },
    { "credentials beside descriptors", credentials_along, 0, NULL },
    { "a message that is cut", cut_message, 0, NULL },
    { NULL, NULL, 0, NULL },
};
