/*
 * Other processes: a program that reports how it was started, from a parent that is in the worst possible state.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_jni.h"
#include "test.h"

static jobjectArray strings(size_t n, const char *const *s)
{
    jbyteArray a[8];
    for (size_t i = 0; i < n; i++) a[i] = text(s[i]);
    return objects(a, n);
}

static jlong wait_for(jint pid)
{
    jlong status = 0;
    for (int i = 0; i < 20000 && (status = PROCESSES(waitpid, pid)) == 0; i++) usleep(1000);
    return status;
}

/* Descriptors of every kind, signals blocked and ignored, a directory of its own. */
static void disorder(void)
{
    sigset_t all;
    sigfillset(&all);
    sigdelset(&all, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    for (int i = 0; i < 50; i++) CHECK(open("/etc/passwd", O_RDONLY) >= 0, "open");
    CHECK(dup2(3, 500) == 500, "dup2");
    CHECK(setenv("LD_PRELOAD", "/nowhere.so", 1) == 0, "setenv");
}

/* With the socket as descriptor 0 or 1 here, or wherever it comes to lie. */
static void report(int input_as)
{
    static const char *const arguments[] = { "name of its own", "", "a b\nc" };
    static const char *const environment[] = { "A=1", "B=two words" };
    char got[4096];
    int p[2], n = 0;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p) == 0, "socketpair");
    int in = p[1];
    if (input_as < 2) {
        CHECK(dup3(in, input_as, O_CLOEXEC) == input_as, "dup3");
        in = input_as;
    }
    jint pid = PROCESSES(spawn, text(reporter), strings(3, arguments), strings(2, environment), in, 2);
    CHECK(pid > 0, "spawn answered %d", pid);
    close(p[1]);
    if (in != p[1]) close(in);
    for (ssize_t r; (r = read(p[0], got + n, sizeof got - 1 - (size_t)n)) > 0;) n += (int)r;
    got[n] = 0;
    static const char expected[] =
        "argument <name of its own>\nargument <>\nargument <a b\nc>\n"
        "environment <A=1>\nenvironment <B=two words>\n"
        "descriptor 0 is a socket\ndescriptor 1 is /dev/null\ndescriptor 2 is the parent's\n"
        "blocked 0\nignored 0\ncaught 0\n";
    CHECK(!strcmp(got, expected), "it reported:\n%s", got);
    EQUAL(wait_for(pid), (1LL << 32) | 7 << 8);
    close(p[0]);
}

static void clean_start(void) { disorder(); report(3); _exit(0); }
static void standard_input(void) { disorder(); report(0); _exit(0); }
static void standard_output(void) { disorder(); report(1); _exit(0); }

static void bad_arguments(void)
{
    static const char *const one[] = { "x" };
    jbyteArray hidden = bytes("A=1\0B=2", 7), missing = NULL;
    jobjectArray a = strings(1, one), e = strings(0, NULL);
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    EQUAL(PROCESSES(spawn, NULL, a, e, in, 2), -EFAULT);
    EQUAL(PROCESSES(spawn, hidden, a, e, in, 2), -EINVAL);
    EQUAL(PROCESSES(spawn, room(PATH_MAX), a, e, in, 2), -ENAMETOOLONG);
    EQUAL(PROCESSES(spawn, text(reporter), objects(&hidden, 1), e, in, 2), -EINVAL);
    EQUAL(PROCESSES(spawn, text(reporter), a, objects(&hidden, 1), in, 2), -EINVAL);
    EQUAL(PROCESSES(spawn, text(reporter), objects(&missing, 1), e, in, 2), -EFAULT);
    EQUAL(PROCESSES(spawn, text(reporter), a, objects(&missing, 1), in, 2), -EFAULT);
    EQUAL(PROCESSES(spawn, text(reporter), NULL, e, in, 2), -EFAULT);
    EQUAL(PROCESSES(spawn, text(reporter), a, NULL, in, 2), -EFAULT);
    EQUAL(PROCESSES(spawn, text(reporter), e, e, in, 2), -EINVAL);
    EQUAL(PROCESSES(spawn, text(reporter), a, e, -1, 2), -EBADF);
    EQUAL(PROCESSES(spawn, text(reporter), a, e, in, -1), -EBADF);
    EQUAL(PROCESSES(spawn, text(reporter), a, e, in, 0), -EINVAL);
    EQUAL(waitpid(-1, NULL, 0), -1); /* nothing was started */
    EQUAL(errno, ECHILD);
    EQUAL(NATIVE(close, in), 0);
}

static void failed_start(void)
{
    static char large[200000];
    static const char *const one[] = { "x" };
    memset(large, 'l', sizeof large);
    jbyteArray much = bytes(large, sizeof large);
    jobjectArray a = strings(1, one), e = strings(0, NULL);
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC), kept = dup(2);
    EQUAL(PROCESSES(spawn, text("/nowhere/program"), a, e, in, 2), -ENOENT);
    EQUAL(PROCESSES(spawn, text("/etc/passwd"), a, e, in, 2), -EACCES);
    EQUAL(PROCESSES(spawn, text("/"), a, e, in, 2), -EACCES);
    EQUAL(PROCESSES(spawn, text(reporter), a, e, 999, 2), -EBADF);
    EQUAL(PROCESSES(spawn, text(reporter), a, objects(&much, 1), in, 2), -E2BIG);
    /* A program must not take the first file that it opens for its standard error. */
    close(2);
    EQUAL(PROCESSES(spawn, text(reporter), a, e, in, 2), -EBADF);
    dup2(kept, 2);
    close(kept);
    EQUAL(waitpid(-1, NULL, 0), -1); /* no child is left behind */
    EQUAL(errno, ECHILD);
    EQUAL(NATIVE(close, in), 0);
}

/* Close-on-exec or not, standard error goes along. */
static void standard_error(void)
{
    CHECK(fcntl(2, F_SETFD, FD_CLOEXEC) == 0, "fcntl");
    report(3);
    CHECK(fcntl(2, F_SETFD, 0) == 0, "fcntl");
}

/* One of the child's own, as whoever does not trust it gives it one. */
static void own_standard_error(void)
{
    static const char *const arguments[] = { "sh", "-c", "echo said >&2" };
    jint ends[2];
    jintArray array = ints((jint[]){ -1, -1 }, 2);
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    EQUAL(NATIVE(pipe, array), 0);
    memcpy(ends, in(array), sizeof ends);
    EQUAL(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
    EQUAL(fcntl(ends[1], F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    jint pid = PROCESSES(spawn, text("/bin/sh"), strings(3, arguments), strings(0, NULL), input, ends[1]);
    CHECK(pid > 0, "spawn answered %d", pid);
    EQUAL(NATIVE(close, ends[1]), 0);
    EQUAL(wait_for(pid), 1LL << 32);
    char got[16];
    EQUAL(read(ends[0], got, sizeof got), 5);
    CHECK(!memcmp(got, "said\n", 5), "it said something else");
    EQUAL(read(ends[0], got, sizeof got), 0);
    EQUAL(NATIVE(close, ends[0]), 0);
    EQUAL(NATIVE(close, input), 0);
    EQUAL(NATIVE(pipe, NULL), -EFAULT);
    EQUAL(NATIVE(pipe, ints(ends, 1)), -EINVAL);
    EQUAL(NATIVE(socketpair, NULL), -EFAULT);
    EQUAL(NATIVE(socketpair, ints(ends, 1)), -EINVAL);
    EQUAL(NATIVE(socketpair, array), 0);
    memcpy(ends, in(array), sizeof ends);
    EQUAL(fcntl(ends[1], F_GETFD), FD_CLOEXEC);
    EQUAL(write(ends[0], "x", 1), 1);
    EQUAL(read(ends[1], got, sizeof got), 1);
    EQUAL(NATIVE(close, ends[0]), 0);
    EQUAL(NATIVE(close, ends[1]), 0);
}

static void waiting(void)
{
    jint p[1];
    jshort e[1] = { POLLIN };
    jint pid = fork();
    if (pid == 0) for (;;) pause();
    p[0] = PROCESSES(pidfdOpen, pid);
    CHECK(p[0] >= 0, "pidfd_open answered %d", p[0]);
    EQUAL(fcntl(p[0], F_GETFD), FD_CLOEXEC);
    EQUAL(NATIVE(poll, ints(p, 1), shorts(e, 1), 1, 0), 0);
    EQUAL(PROCESSES(waitpid, pid), 0);
    EQUAL(PROCESSES(kill, pid, 0), 0);
    EQUAL(PROCESSES(kill, pid, 9999), -EINVAL);
    EQUAL(PROCESSES(kill, pid, SIGKILL), 0);
    EQUAL(NATIVE(poll, ints(p, 1), shorts(e, 1), 1, 20000), 1);
    EQUAL(PROCESSES(waitpid, pid), (1LL << 32) | SIGKILL);
    EQUAL(PROCESSES(waitpid, pid), -ECHILD);
    EQUAL(PROCESSES(kill, pid, 0), -ESRCH);
    EQUAL(PROCESSES(processorNanos, pid), -EINVAL);
    EQUAL(PROCESSES(pidfdOpen, pid), -ESRCH);
    EQUAL(PROCESSES(pidfdOpen, 0), -EINVAL);
    EQUAL(PROCESSES(pidfdOpen, -1), -EINVAL);
    EQUAL(NATIVE(close, p[0]), 0);
}

static void processors_time(void)
{
    jint pid = fork();
    if (pid == 0) for (;;) continue;
    while (PROCESSES(processorNanos, pid) < 20000000) usleep(1000);
    EQUAL(PROCESSES(kill, pid, SIGKILL), 0);
    EQUAL(waitpid(pid, NULL, 0), pid);
    EQUAL(PROCESSES(processorNanos, 0), -EINVAL);
    EQUAL(PROCESSES(processorNanos, -1), -EINVAL);
}

static void signals_as_events(void)
{
    int f = NATIVE(eventfd), g = NATIVE(eventfd);
    EQUAL(PROCESSES(watchSignal, SIGHUP, f), 0);
    EQUAL(PROCESSES(watchSignal, SIGUSR1, g), 0);
    errno = ERANGE;
    raise(SIGHUP);
    raise(SIGHUP);
    EQUAL(errno, ERANGE);
    jbyteArray b = room(8);
    EQUAL(NATIVE(read, f, b, 0, 8), 8);
    EQUAL(NATIVE(read, f, b, 0, 8), -EAGAIN);
    EQUAL(NATIVE(read, g, b, 0, 8), -EAGAIN);
    raise(SIGUSR1);
    EQUAL(NATIVE(read, g, b, 0, 8), 8);
    EQUAL(PROCESSES(watchSignal, 0, f), -EINVAL);
    EQUAL(PROCESSES(watchSignal, 32, f), -EINVAL);
    EQUAL(PROCESSES(watchSignal, SIGKILL, f), -EINVAL);
    EQUAL(NATIVE(close, f), 0);
    EQUAL(NATIVE(close, g), 0);
}

/* 0, -1 and -pid mean a group of processes, or all of them: never by accident. */
static void groups_of_processes(void)
{
    static const jint pids[] = { 0, -1, INT_MIN, -2 };
    jint pid = fork();
    if (pid == 0) _exit(3);
    for (size_t i = 0; i < sizeof pids / sizeof *pids; i++) {
        EQUAL(PROCESSES(kill, pids[i], 0), -EINVAL);
        EQUAL(PROCESSES(waitpid, pids[i]), -EINVAL);
    }
    EQUAL(wait_for(pid), (1LL << 32) | 3 << 8);
}

/* Ends well only in the other program, and with what that was given. */
static void another_program(void)
{
    static const char *const arguments[] = { "sh", "-c", "[ \"$A\" = 'two words' ] && [ -z \"${HOME+set}\" ]" };
    static const char *const environment[] = { "A=two words" };
    EQUAL(PROCESSES(execve, NULL, strings(3, arguments), strings(1, environment)), -EFAULT);
    EQUAL(PROCESSES(execve, text("/bin/sh"), NULL, strings(1, environment)), -EFAULT);
    EQUAL(PROCESSES(execve, text("/bin/sh"), strings(3, arguments), NULL), -EFAULT);
    EQUAL(PROCESSES(execve, text("/bin/sh"), strings(0, arguments), strings(1, environment)), -EINVAL);
    EQUAL(PROCESSES(execve, text("/missing"), strings(3, arguments), strings(1, environment)), -ENOENT);
    CHECK(setenv("HOME", "/", 1) == 0, "setenv");
    PROCESSES(execve, text("/bin/sh"), strings(3, arguments), strings(1, environment));
    CHECK(0, "still here");
}

const struct test spawn_tests[] = {
    { "spawn starts clean", clean_start, 0, NULL },
    { "spawn with its own standard input", standard_input, 0, NULL },
    { "spawn with its own standard output", standard_output, 0, NULL },
    { "spawn with its own standard error", standard_error, 0, NULL },
    { "spawn with a standard error of the child's own", own_standard_error, 0, NULL },
    { "spawn refuses bad arguments", bad_arguments, 0, NULL },
    { "spawn says why it failed", failed_start, 0, "vfork" },
    { "waitpid, pidfd_open, kill", waiting, 0, "pidfd_open(2)" },
    { "execve", another_program, 0, NULL },
    { "no group of processes", groups_of_processes, 0, NULL },
    { "processors' time", processors_time, 0, NULL },
    { "signals as events", signals_as_events, 0, NULL },
    { NULL, NULL, 0, NULL },
};
