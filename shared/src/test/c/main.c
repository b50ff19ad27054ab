/*
 * main REPORTER KIND: runs every test and prints "ok KIND: NAME", "FAIL KIND: NAME: why" or
 * "skip KIND: NAME: what is missing".  Exits 1 when one failed.
 */
#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_jni.h"
#include "test.h"

enum { SECONDS = 60 }; /* for one test; valgrind is slow */

const char *scratch, *reporter;
static const char *kind;
static int reason = -1;

void fail(const char *file, int line, const char *format, ...)
{
    const char *base = strrchr(file, '/');
    va_list arguments;
    dprintf(reason, "%s:%d: ", base ? base + 1 : file, line);
    va_start(arguments, format);
    vdprintf(reason, format, arguments);
    va_end(arguments);
    _exit(2);
}

int open_descriptors(void)
{
    int n = 0;
    DIR *d = opendir("/proc/self/fd");
    CHECK(d, "no /proc");
    while (readdir(d)) n++;
    closedir(d);
    return n;
}

static int delete(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)s, (void)type, (void)f;
    return remove(path);
}

static void child(const struct test *t)
{
    setpgid(0, 0);
    alarm(SECONDS);
    signal(SIGPIPE, SIG_IGN); /* as HotSpot does */
    EQUAL(load(), JNI_VERSION_10);
    int before = t->needs_root ? 0 : open_descriptors();
    t->run();
    EQUAL(live_references, 0);
    /* A test that needs root has changed what the process can see. */
    if (!t->needs_root) EQUAL(open_descriptors(), before);
    release_arrays();
    exit(0);
}

static int run(const struct test *t)
{
    char directory[] = "/tmp/twoftpd-native.XXXXXX", why[1024] = "";
    int channel[2], status;
    if (t->unknown && !strcmp(kind, "valgrind")) {
        printf("skip %s: %s: valgrind does not know %s\n", kind, t->name, t->unknown);
        return 0;
    }
    if (t->needs_root && geteuid() != 0) {
        printf("skip %s: %s: needs root\n", kind, t->name);
        return 0;
    }
    if (pipe(channel) < 0 || !mkdtemp(directory)) {
        perror("main");
        exit(1);
    }
    scratch = directory;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        close(channel[0]);
        reason = channel[1];
        child(t);
    }
    close(channel[1]);
    waitpid(pid, &status, 0);
    kill(-pid, SIGKILL); /* what the test has left running */
    size_t n = 0;
    ssize_t r;
    while (n < sizeof why - 1 && (r = read(channel[0], why + n, sizeof why - 1 - n)) > 0) n += (size_t)r;
    close(channel[0]);
    nftw(directory, delete, 16, FTW_DEPTH | FTW_PHYS);
    if (status == 0 && n == 0) {
        printf("ok %s: %s\n", kind, t->name);
        return 0;
    }
    if (n == 0 && WIFSIGNALED(status)) snprintf(why, sizeof why, "killed by signal %d", WTERMSIG(status));
    else if (n == 0) snprintf(why, sizeof why, "exit status %d, see above", WEXITSTATUS(status));
    printf("FAIL %s: %s: %s\n", kind, t->name, why);
    return 1;
}

int main(int argc, char **argv)
{
    const struct test *const all[] = { descriptor_tests, memory_tests, socket_tests, passing_tests,
                                       file_tests, process_tests, spawn_tests, lines_tests };
    int failed = 0;
    if (argc != 3) return 1;
    reporter = argv[1];
    kind = argv[2];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (const struct test *t = all[i]; t->name; t++) failed |= run(t);
    return failed;
}
