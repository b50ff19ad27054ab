/*
 * Sockets, with addresses of every wrong length.
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

const struct test socket_tests[] = {
    { "TCP", tcp, 0, NULL },
    { "addresses of a wrong length", bad_addresses, 0, NULL },
    { "the longest UNIX name", long_unix_name, 0, NULL },
    { NULL, NULL, 0, NULL },
};
