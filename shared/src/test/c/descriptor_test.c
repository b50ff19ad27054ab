/*
 * Descriptors: read, write, poll and what goes with them, with bounds that are wrong in every way.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake_jni.h"
#include "test.h"

static void pair(int p[2]) { CHECK(pipe2(p, O_CLOEXEC) == 0, "pipe"); }

static void drop(int p[2])
{
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(close, p[1]), 0);
}

static void close_answers(void)
{
    int p[2];
    pair(p);
    drop(p);
    EQUAL(NATIVE(close, p[0]), -EBADF);
    EQUAL(NATIVE(close, -1), -EBADF);
    EQUAL(NATIVE(close, INT_MAX), -EBADF);
}

static void number_and_renumber(void)
{
    jobject o = descriptor(7);
    EQUAL(NATIVE(number, o), 7);
    NATIVE(renumber, o, -1);
    EQUAL(NATIVE(number, o), -1);
    EQUAL(NATIVE(number, NULL), -EFAULT);
    NATIVE(renumber, NULL, 1);
}

static void flags(void)
{
    int p[2];
    pair(p);
    EQUAL(NATIVE(setNonblocking, p[0], JNI_TRUE), 0);
    EQUAL(NATIVE(read, p[0], room(1), 0, 1), -EAGAIN);
    EQUAL(NATIVE(setNonblocking, p[0], JNI_FALSE), 0);
    EQUAL(fcntl(p[0], F_GETFL) & O_NONBLOCK, 0);
    EQUAL(NATIVE(setCloseOnExec, p[0], JNI_FALSE), 0);
    EQUAL(fcntl(p[0], F_GETFD), 0);
    EQUAL(NATIVE(setCloseOnExec, p[0], JNI_TRUE), 0);
    EQUAL(fcntl(p[0], F_GETFD), FD_CLOEXEC);
    drop(p);
    EQUAL(NATIVE(setNonblocking, p[0], JNI_TRUE), -EBADF);
    EQUAL(NATIVE(setCloseOnExec, -1, JNI_TRUE), -EBADF);
}

static void duplicate(void)
{
    int p[2];
    pair(p);
    int d = NATIVE(duplicate, p[0], 100);
    CHECK(d >= 100, "duplicate answered %d", d);
    EQUAL(fcntl(d, F_GETFD), FD_CLOEXEC);
    EQUAL(NATIVE(close, d), 0);
    EQUAL(NATIVE(duplicate, p[0], -1), -EINVAL);
    EQUAL(NATIVE(duplicate, p[0], INT_MAX), -EINVAL);
    EQUAL(NATIVE(duplicate, -1, 0), -EBADF);
    drop(p);
}

static const jint bad_regions[][2] = {
    { -1, 1 }, { 0, -1 }, { 0, 11 }, { 10, 1 }, { 11, 0 }, { 1, INT_MAX }, { INT_MAX, 1 }, { INT_MAX, INT_MAX },
    { INT_MIN, INT_MIN }, { INT_MIN, INT_MAX }, { -5, 10 },
};

static void read_bounds(void)
{
    int p[2];
    pair(p);
    CHECK(write(p[1], "abcdef", 6) == 6, "write");
    for (size_t i = 0; i < sizeof bad_regions / sizeof *bad_regions; i++)
        EQUAL(NATIVE(read, p[0], room(10), bad_regions[i][0], bad_regions[i][1]), -EINVAL);
    EQUAL(NATIVE(read, p[0], NULL, 0, 0), -EFAULT);
    jbyteArray b = room(10);
    EQUAL(NATIVE(read, p[0], b, 2, 3), 3);
    CHECK(!memcmp(in(b), "ZZabcZZZZZ", 10), "only the region is written");
    EQUAL(NATIVE(read, p[0], b, 10, 0), 0);
    EQUAL(NATIVE(read, p[0], b, 0, 10), 3);
    CHECK(!memcmp(in(b), "defbcZZZZZ", 10), "only what was read is written");
    EQUAL(NATIVE(close, p[1]), 0);
    EQUAL(NATIVE(read, p[0], b, 0, 10), 0);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(read, p[0], b, 0, 10), -EBADF);
}

static void write_bounds(void)
{
    int p[2];
    char got[4];
    pair(p);
    for (size_t i = 0; i < sizeof bad_regions / sizeof *bad_regions; i++)
        EQUAL(NATIVE(write, p[1], room(10), bad_regions[i][0], bad_regions[i][1]), -EINVAL);
    EQUAL(NATIVE(write, p[1], NULL, 0, 0), -EFAULT);
    EQUAL(NATIVE(write, p[1], text("0123456789"), 7, 3), 3);
    EQUAL(read(p[0], got, sizeof got), 3);
    CHECK(!memcmp(got, "789", 3), "another region was written");
    EQUAL(NATIVE(write, p[1], text("0123456789"), 10, 0), 0);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(write, p[1], text("x"), 0, 1), -EPIPE);
    EQUAL(NATIVE(close, p[1]), 0);
    EQUAL(NATIVE(write, p[1], text("x"), 0, 1), -EBADF);
}

static void polling(void)
{
    int p[2], hung[2];
    pair(p);
    pair(hung);
    EQUAL(NATIVE(close, hung[1]), 0);
    jint fds[3] = { p[0], hung[0], 9999 };
    jshort events[4] = { POLLIN, POLLIN, POLLIN, 77 };
    jshortArray e = shorts(events, 4);
    EQUAL(NATIVE(poll, ints(fds, 3), e, 3, 0), 2);
    EQUAL(((jshort *)in(e))[0], 0);
    EQUAL(((jshort *)in(e))[1], POLLHUP);
    EQUAL(((jshort *)in(e))[2], POLLNVAL);
    EQUAL(((jshort *)in(e))[3], 77);
    CHECK(write(p[1], "x", 1) == 1, "write");
    e = shorts(events, 1);
    EQUAL(NATIVE(poll, ints(fds, 1), e, 1, -1), 1);
    EQUAL(((jshort *)in(e))[0], POLLIN);
    EQUAL(NATIVE(poll, ints(fds, 0), shorts(events, 0), 0, 1), 0);
    EQUAL(NATIVE(poll, ints(fds, 2), shorts(events, 3), 3, 0), -EINVAL);
    EQUAL(NATIVE(poll, ints(fds, 3), shorts(events, 2), 3, 0), -EINVAL);
    EQUAL(NATIVE(poll, ints(fds, 3), shorts(events, 3), -1, 0), -EINVAL);
    EQUAL(NATIVE(poll, ints(fds, 3), shorts(events, 3), INT_MIN, 0), -EINVAL);
    EQUAL(NATIVE(poll, NULL, shorts(events, 3), 0, 0), -EFAULT);
    EQUAL(NATIVE(poll, ints(fds, 3), NULL, 0, 0), -EFAULT);
    drop(p);
    EQUAL(NATIVE(close, hung[0]), 0);
}

static void many_polled(void)
{
    static jint fds[1025];
    static jshort events[1025];
    for (int i = 0; i < 1025; i++) fds[i] = -1;
    EQUAL(NATIVE(poll, ints(fds, 1024), shorts(events, 1024), 1024, 0), 0);
    EQUAL(NATIVE(poll, ints(fds, 1025), shorts(events, 1025), 1025, 0), -EINVAL);
}

static void event(void)
{
    jlong one = 1;
    int f = NATIVE(eventfd);
    CHECK(f >= 0, "eventfd answered %d", f);
    EQUAL(fcntl(f, F_GETFD), FD_CLOEXEC);
    EQUAL(NATIVE(read, f, room(8), 0, 8), -EAGAIN);
    EQUAL(NATIVE(write, f, bytes(&one, 8), 0, 8), 8);
    EQUAL(NATIVE(read, f, room(8), 0, 8), 8);
    EQUAL(NATIVE(close, f), 0);
}

static void event_poll(void)
{
    int p[2], e = NATIVE(epollCreate);
    pair(p);
    CHECK(e >= 0, "epoll_create1 answered %d", e);
    EQUAL(fcntl(e, F_GETFD), FD_CLOEXEC);
    jint none[2] = { 77, 77 };
    jintArray fds = ints(none, 2), events = ints(none, 2);
    EQUAL(NATIVE(epollControl, e, EPOLL_CTL_ADD, p[0], EPOLLIN), 0);
    EQUAL(NATIVE(epollControl, e, EPOLL_CTL_ADD, p[0], EPOLLIN), -EEXIST);
    EQUAL(NATIVE(epollWait, e, fds, events, 0), 0);
    EQUAL(*(jint *)in(fds), 77);
    CHECK(write(p[1], "x", 1) == 1, "write");
    EQUAL(NATIVE(epollWait, e, fds, events, -1), 1);
    EQUAL(((jint *)in(fds))[0], p[0]);
    EQUAL(((jint *)in(events))[0], EPOLLIN);
    EQUAL(((jint *)in(fds))[1], 77);
    EQUAL(NATIVE(epollControl, e, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT), 0);
    EQUAL(NATIVE(epollWait, e, fds, events, 0), 1);
    EQUAL(NATIVE(epollWait, e, fds, events, 0), 0);
    EQUAL(NATIVE(epollWait, e, ints(none, 0), events, 0), -EINVAL);
    EQUAL(NATIVE(epollWait, e, fds, ints(none, 1), 0), -EINVAL);
    EQUAL(NATIVE(epollWait, e, NULL, events, 0), -EFAULT);
    EQUAL(NATIVE(epollWait, e, fds, NULL, 0), -EFAULT);
    EQUAL(NATIVE(epollWait, -1, fds, events, 0), -EBADF);
    EQUAL(NATIVE(epollWait, p[0], fds, events, 0), -EINVAL);
    EQUAL(NATIVE(epollControl, e, 99, p[1], 0), -EINVAL);
    EQUAL(NATIVE(epollControl, e, EPOLL_CTL_ADD, e, EPOLLIN), -EINVAL);
    EQUAL(NATIVE(epollControl, e, EPOLL_CTL_DEL, p[0], 0), 0);
    EQUAL(NATIVE(epollControl, e, EPOLL_CTL_DEL, p[0], 0), -ENOENT);
    drop(p);
    EQUAL(NATIVE(close, e), 0);
}

/* More are ready than a call reports: none is lost. */
static void many_events(void)
{
    enum { MANY = 300 };
    static jint none[400];
    int e = NATIVE(epollCreate), f[MANY], seen = 0, r;
    jlong one = 1;
    for (int i = 0; i < MANY; i++) {
        f[i] = NATIVE(eventfd);
        EQUAL(NATIVE(write, f[i], bytes(&one, 8), 0, 8), 8);
        EQUAL(NATIVE(epollControl, e, EPOLL_CTL_ADD, f[i], (jint)(EPOLLIN | EPOLLONESHOT)), 0);
    }
    jintArray fds = ints(none, 400), events = ints(none, 400);
    for (int i = 0; i < 4 && (r = NATIVE(epollWait, e, fds, events, 0)) > 0; i++) {
        CHECK(r <= 256, "epoll_wait answered %d", r);
        seen += r;
    }
    EQUAL(seen, MANY);
    for (int i = 0; i < MANY; i++) EQUAL(NATIVE(close, f[i]), 0);
    EQUAL(NATIVE(close, e), 0);
}

static void randomness(void)
{
    jbyteArray a = room(256), b = room(256);
    EQUAL(NATIVE(getrandom, a), 0);
    EQUAL(NATIVE(getrandom, b), 0);
    CHECK(memcmp(in(a), in(b), 256), "the same bytes twice");
    CHECK(memcmp((char *)in(a) + 128, (char *)in(a), 128), "the same bytes twice in one");
    EQUAL(NATIVE(getrandom, room(0)), 0);
    EQUAL(NATIVE(getrandom, room(257)), -EINVAL);
    EQUAL(NATIVE(getrandom, NULL), -EFAULT);
}

const struct test descriptor_tests[] = {
    { "close answers for what is not open", close_answers, 0, NULL },
    { "number and renumber", number_and_renumber, 0, NULL },
    { "flags", flags, 0, NULL },
    { "duplicate", duplicate, 0, NULL },
    { "read keeps to its region", read_bounds, 0, NULL },
    { "write keeps to its region", write_bounds, 0, NULL },
    { "poll", polling, 0, NULL },
    { "poll of 1024 and one more", many_polled, 0, NULL },
    { "eventfd", event, 0, NULL },
    { "epoll", event_poll, 0, NULL },
    { "epoll of more than a call reports", many_events, 0, NULL },
    { "getrandom", randomness, 0, NULL },
    { NULL, NULL, 0, NULL },
};
