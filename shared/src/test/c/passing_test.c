/*
 * Pairs of sockets, and descriptors that go along with a message, among them too many.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake_jni.h"
#include "test.h"

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

/* A pair for bytes on their way: neither end waits, and no program that is started inherits one. */
static void data_pair(void)
{
    jint four[4] = { 77, 77, 77, 77 };
    jintArray ends = ints(four, 2);
    EQUAL(NATIVE(dataPair, ends), 0);
    jint *p = in(ends);
    for (int i = 0; i < 2; i++) {
        int type;
        socklen_t size = sizeof type;
        EQUAL(fcntl(p[i], F_GETFD), FD_CLOEXEC);
        CHECK(fcntl(p[i], F_GETFL) & O_NONBLOCK, "an end that blocks");
        CHECK(getsockopt(p[i], SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM, "not a stream");
        EQUAL(NATIVE(read, p[i], room(1), 0, 1), -EAGAIN);
    }
    EQUAL(NATIVE(write, p[0], text("over"), 0, 4), 4);
    EQUAL(NATIVE(read, p[1], room(4), 0, 4), 4);
    EQUAL(NATIVE(shutdown, p[0], SHUT_WR), 0);
    EQUAL(NATIVE(read, p[1], room(1), 0, 1), 0);
    EQUAL(NATIVE(write, p[1], text("back"), 0, 4), 4);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(close, p[1]), 0);
    for (size_t n = 0; n < 4; n++)
        if (n != 2) EQUAL(NATIVE(dataPair, ints(four, n)), -EINVAL);
    EQUAL(NATIVE(dataPair, NULL), -EFAULT);
}

/* Who is handed a descriptor has to know whether it could make him wait. */
static void prompt_sockets(void)
{
    int p[2], pipe_ends[2];
    jint two[2] = { 0 };
    jintArray ends = ints(two, 2);
    stream(p, SOCK_STREAM);
    EQUAL(NATIVE(isPromptSocket, p[0]), 0);
    EQUAL(fcntl(p[0], F_SETFL, O_NONBLOCK), 0);
    EQUAL(NATIVE(isPromptSocket, p[0]), 1);
    EQUAL(NATIVE(isPromptSocket, p[1]), 0);
    EQUAL(NATIVE(dataPair, ends), 0);
    EQUAL(NATIVE(isPromptSocket, ((jint *)in(ends))[0]), 1);
    EQUAL(NATIVE(close, ((jint *)in(ends))[0]), 0);
    EQUAL(NATIVE(close, ((jint *)in(ends))[1]), 0);
    CHECK(pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) == 0, "pipe2");
    EQUAL(NATIVE(isPromptSocket, pipe_ends[0]), 0);
    EQUAL(NATIVE(close, pipe_ends[0]), 0);
    EQUAL(NATIVE(close, pipe_ends[1]), 0);
    int file = open(scratch, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    EQUAL(NATIVE(isPromptSocket, file), 0);
    EQUAL(NATIVE(close, file), 0);
    int path = open(scratch, O_PATH | O_CLOEXEC);
    EQUAL(NATIVE(isPromptSocket, path), 0);
    EQUAL(NATIVE(close, path), 0);
    EQUAL(NATIVE(isPromptSocket, path), -EBADF);
    EQUAL(NATIVE(isPromptSocket, -1), -EBADF);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(close, p[1]), 0);
}

/* Without room for both ends there is none, and nothing is written where their numbers would be. */
static void no_pair(void)
{
    jint four[2] = { 77, 77 };
    jintArray ends = ints(four, 2);
    struct rlimit l, few;
    int lowest = NATIVE(eventfd);
    EQUAL(NATIVE(close, lowest), 0);
    CHECK(getrlimit(RLIMIT_NOFILE, &l) == 0, "getrlimit");
    few = (struct rlimit){ (rlim_t)lowest + 1, l.rlim_max };
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0, "setrlimit");
    EQUAL(NATIVE(dataPair, ends), -EMFILE);
    CHECK(setrlimit(RLIMIT_NOFILE, &l) == 0, "setrlimit");
    EQUAL(((jint *)in(ends))[0], 77);
    EQUAL(((jint *)in(ends))[1], 77);
}

/* Both or none: a frame is never sent with one of its two descriptors. */
static void descriptors_sent(void)
{
    int p[2], other[2];
    jint none[3] = { 0 };
    stream(p, SOCK_STREAM);
    stream(other, SOCK_STREAM);
    EQUAL(fcntl(p[1], F_SETFL, O_NONBLOCK), 0);
    int before = open_descriptors();
    EQUAL(NATIVE(sendDescriptors, p[0], text("abc"), other[0], other[1]), 3);
    EQUAL(open_descriptors(), before);
    jintArray got = ints(none, 3);
    jbyteArray b = room(8);
    EQUAL(NATIVE(recvmsg, p[1], b, 0, 8, got), 3);
    CHECK(!memcmp(in(b), "abcZZZZZ", 8), "another frame");
    jint *d = in(got);
    CHECK(d[0] >= 0 && d[1] >= 0 && d[0] != d[1], "descriptors %d and %d", d[0], d[1]);
    EQUAL(d[2], -1);
    EQUAL(NATIVE(write, d[0], text("x"), 0, 1), 1);
    EQUAL(NATIVE(read, other[1], room(1), 0, 1), 1);
    EQUAL(NATIVE(write, d[1], text("y"), 0, 1), 1);
    EQUAL(NATIVE(read, other[0], room(1), 0, 1), 1);
    EQUAL(NATIVE(close, d[0]), 0);
    EQUAL(NATIVE(close, d[1]), 0);

    static const size_t lengths[] = { 0, 65, 100000 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        EQUAL(NATIVE(sendDescriptors, p[0], room(lengths[i]), other[0], other[1]), -EINVAL);
    EQUAL(NATIVE(sendDescriptors, p[0], NULL, other[0], other[1]), -EFAULT);
    EQUAL(NATIVE(sendDescriptors, p[0], text("abc"), -1, other[1]), -EBADF);
    EQUAL(NATIVE(sendDescriptors, p[0], text("abc"), other[0], -1), -EBADF);
    EQUAL(NATIVE(sendDescriptors, p[0], text("abc"), other[0], INT_MAX), -EBADF);
    EQUAL(NATIVE(sendDescriptors, -1, text("abc"), other[0], other[1]), -EBADF);
    EQUAL(NATIVE(recvmsg, p[1], b, 0, 8, got), -EAGAIN);
    EQUAL(NATIVE(sendDescriptors, p[0], room(64), other[0], other[0]), 64);
    EQUAL(NATIVE(close, other[0]), 0);
    EQUAL(NATIVE(sendDescriptors, p[0], text("abc"), other[0], other[1]), -EBADF);
    EQUAL(NATIVE(close, other[1]), 0);
    /* What lies unread in a socket that is closed is closed with it. */
    EQUAL(NATIVE(close, p[1]), 0);
    EQUAL(NATIVE(sendDescriptors, p[0], text("abc"), p[0], p[0]), -EPIPE);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(sendDescriptors, p[0], text("abc"), p[0], p[0]), -EBADF);
}

/* A peer that reads nothing makes no sender wait that does not want to, and leaves no descriptor behind. */
static void descriptors_without_end(void)
{
    jint none[2] = { 0 };
    jintArray ends = ints(none, 2);
    EQUAL(NATIVE(dataPair, ends), 0);
    jint *p = in(ends);
    int n = 1, sent = 0, before = open_descriptors();
    while (n > 0 && sent < 100000) {
        n = NATIVE(sendDescriptors, p[0], text("abc"), p[0], p[1]);
        sent += n > 0;
    }
    CHECK(n == -EAGAIN || n == -ETOOMANYREFS, "sendDescriptors answered %d behind %d", n, sent);
    EQUAL(open_descriptors(), before);
    for (int i = 0; i < sent; i++) {
        jint two[2] = { 0 };
        jintArray got = ints(two, 2);
        EQUAL(NATIVE(recvmsg, p[1], room(3), 0, 3, got), 3);
        EQUAL(NATIVE(close, ((jint *)in(got))[0]), 0);
        EQUAL(NATIVE(close, ((jint *)in(got))[1]), 0);
    }
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(close, p[1]), 0);
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

const struct test passing_tests[] = {
    { "descriptors that are expected", descriptors_expected, 0, NULL },
    { "descriptors that are not expected", descriptors_unexpected, 0, NULL },
    { "a pair for data", data_pair, 0, NULL },
    { "sockets that make nobody wait", prompt_sockets, 0, NULL },
    { "no room for a pair", no_pair, 0, "RLIMIT_NOFILE" },
    { "two descriptors with a frame", descriptors_sent, 0, NULL },
    { "descriptors that nobody takes", descriptors_without_end, 0, NULL },
    { "sixteen descriptors", sixteen, 0, NULL },
    { "credentials beside descriptors", credentials_along, 0, NULL },
    { "a message that is cut", cut_message, 0, NULL },
    { NULL, NULL, 0, NULL },
};
