/*
 * What changes the process itself: ids, root directory, limits, filter.  Each test is its own process, so nothing needs
 * to be put back.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_jni.h"
#include "test.h"

static void identity(void)
{
    EQUAL(NATIVE(getpid), getpid());
    EQUAL(NATIVE(geteuid), (int)geteuid());
    int old = NATIVE(umask, 027);
    EQUAL(NATIVE(umask, old), 027);
    EQUAL(NATIVE(umask, 07777), old);
    EQUAL(NATIVE(umask, old), 0777);
}

static void too_late(void) { _exit(99); }

static void ending(void)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        atexit(too_late);
        NATIVE(exit, 7);
        _exit(98);
    }
    EQUAL(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7, "status %x", (unsigned)status);
}

static void directories(void)
{
    char where[PATH_MAX];
    EQUAL(NATIVE(chdir, text(scratch)), 0);
    CHECK(getcwd(where, sizeof where) && !strcmp(where, scratch), "in %s", where);
    EQUAL(NATIVE(chdir, text("missing")), -ENOENT);
    EQUAL(NATIVE(chdir, text("/")), 0);
    CHECK(getcwd(where, sizeof where) && !strcmp(where, "/"), "in %s", where);
}

static void limits(void)
{
    struct rlimit l;
    EQUAL(NATIVE(setrlimit, RLIMIT_CORE, 0), 0);
    CHECK(getrlimit(RLIMIT_CORE, &l) == 0 && l.rlim_cur == 0 && l.rlim_max == 0, "RLIMIT_CORE");
    EQUAL(NATIVE(setrlimit, RLIMIT_FSIZE, 1LL << 40), 0);
    CHECK(getrlimit(RLIMIT_FSIZE, &l) == 0 && l.rlim_cur == 1LL << 40 && l.rlim_max == 1LL << 40, "RLIMIT_FSIZE");
    EQUAL(NATIVE(setrlimit, 999, 1), -EINVAL);
    EQUAL(NATIVE(setrlimit, -1, 1), -EINVAL);
}

static void drop(void)
{
    static const jint groups[] = { 4242, 4243 };
    jint many[4097] = { 0 };
    gid_t now[8];
    EQUAL(NATIVE(setgroups, ints(many, 4097)), -EINVAL);
    EQUAL(NATIVE(setgroups, NULL), -EFAULT);
    EQUAL(NATIVE(setgroups, ints(many, 4096)), 0);
    EQUAL(NATIVE(setgroups, ints(groups, 2)), 0);
    EQUAL(getgroups(8, now), 2);
    CHECK(now[0] == 4242 && now[1] == 4243, "groups %u %u", now[0], now[1]);
    EQUAL(NATIVE(setgroups, ints(groups, 0)), 0);
    EQUAL(getgroups(8, now), 0);
    EQUAL(NATIVE(setfsgid, 4242), 0);
    EQUAL(NATIVE(setfsgid, -1), 4242);
    EQUAL(NATIVE(setfsuid, 4241), 0);
    EQUAL(NATIVE(setfsuid, -1), 4241);
    EQUAL(NATIVE(geteuid), 0);
    EQUAL(NATIVE(setresgid, 4242, 4242, 4242), 0);
    EQUAL(NATIVE(setresuid, 4241, 4241, 4241), 0);
    EQUAL(NATIVE(geteuid), 4241);
    EQUAL(NATIVE(setresuid, 0, 0, 0), -EPERM);
    EQUAL(NATIVE(setresuidOfThread, 0, 0, 0), -EPERM);
    EQUAL(NATIVE(setresgidOfThread, 0, 0, 0), -EPERM);
    EQUAL(NATIVE(setresuidOfThread, -1, -1, -1), 0);
    EQUAL(NATIVE(setresgid, 0, 0, 0), -EPERM);
    EQUAL(NATIVE(setgroups, ints(groups, 1)), -EPERM);
    EQUAL(NATIVE(chroot, text("/")), -EPERM);
    EQUAL(NATIVE(setresuid, -1, -1, -1), 0);
    _exit(0); /* the leak checker may not look into a process that gave up root */
}

static void jail(void)
{
    EQUAL(NATIVE(chroot, text(scratch)), 0);
    EQUAL(NATIVE(chdir, text("/")), 0);
    EQUAL(NATIVE(openat, AT_FDCWD, text("/etc/passwd"), O_RDONLY, 0), -ENOENT);
    EQUAL(NATIVE(openat, AT_FDCWD, text("../../../../etc/passwd"), O_RDONLY, 0), -ENOENT);
    EQUAL(NATIVE(mkdirat, AT_FDCWD, text("here"), 0700), 0);
    _exit(0);
}

static void control(void)
{
    EQUAL(NATIVE(prctl, PR_SET_DUMPABLE, 0, 0, 0, 0), 0);
    EQUAL(NATIVE(prctl, PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    EQUAL(NATIVE(prctl, PR_SET_DUMPABLE, 1, 0, 0, 0), 0);
    EQUAL(NATIVE(prctl, -1, 0, 0, 0, 0), -EINVAL);
    EQUAL(NATIVE(prctl, PR_CAPBSET_READ, 9999, 0, 0, 0), -EINVAL);
}

static void *denied(void *r)
{
    *(int *)r = syscall(SYS_getpriority, 0, 0) < 0 ? errno : 0;
    return NULL;
}

static void *waits(void *gate)
{
    int *state = gate;
    while (__atomic_load_n(state, __ATOMIC_ACQUIRE) == 0) usleep(1000);
    denied(state);
    return NULL;
}

static void filter(void)
{
    const struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    int before = 0, after = 0;
    pthread_t t;
    CHECK(pthread_create(&t, NULL, waits, &before) == 0, "pthread_create");
    EQUAL(NATIVE(seccomp, room(sizeof program), JNI_FALSE), -EINVAL); /* nothing that a kernel takes */
    EQUAL(NATIVE(seccomp, bytes(program, sizeof program), JNI_FALSE), 0);
    __atomic_store_n(&before, 1, __ATOMIC_RELEASE);
    pthread_join(t, NULL);
    EQUAL(before, EDOM); /* a thread that was there before the filter */
    denied(&after);
    EQUAL(after, EDOM);
    EQUAL(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
}

/* Each works where nothing refuses it: a claim that it is refused is worth something then. */
static void namespaces(void)
{
    EQUAL(PROCESSES(unshare, 0), 0);
    EQUAL(PROCESSES(unshare, CLONE_NEWUTS), 0);
    EQUAL(PROCESSES(cloneOnce, 0), 0);
    EQUAL(PROCESSES(cloneOnce, CLONE_NEWUTS), 0);
    EQUAL(PROCESSES(cloneOnce, CLONE_SIGHAND), -EINVAL); /* not without CLONE_VM */
    EQUAL(PROCESSES(clone3Once, 0), 0);
    EQUAL(PROCESSES(clone3Once, CLONE_NEWUTS), 0);
    EQUAL(PROCESSES(clone3Once, CLONE_SIGHAND), -EINVAL);
    jint r = PROCESSES(openTreeAttr);
    CHECK(r == 0 || r == -ENOSYS, "openTreeAttr: %d", r);
}

static void bad_filters(void)
{
    static char large[(BPF_MAXINSNS + 1) * sizeof(struct sock_filter)];
    EQUAL(NATIVE(seccomp, room(0), JNI_FALSE), -EINVAL);
    EQUAL(NATIVE(seccomp, room(7), JNI_FALSE), -EINVAL);
    EQUAL(NATIVE(seccomp, room(9), JNI_FALSE), -EINVAL);
    EQUAL(NATIVE(seccomp, bytes(large, sizeof large), JNI_FALSE), -EINVAL);
    EQUAL(NATIVE(seccomp, NULL, JNI_FALSE), -EFAULT);
}

static void refusals(void)
{
    const struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 9999, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    char said[512], expected[512];
    int channel[2], error = 0;
    EQUAL(NATIVE(reportRefusals, NULL), -EFAULT);
    EQUAL(NATIVE(reportRefusals, text("a name that is longer than any of ours")), -EINVAL);
    EQUAL(NATIVE(reportRefusals, text("tester")), 0);
    EQUAL(prctl(PR_SET_NAME, "a thread"), 0);
    CHECK(pipe(channel) == 0 && dup2(channel[1], 2) == 2, "pipe");
    EQUAL(NATIVE(seccomp, bytes(program, sizeof program), JNI_FALSE), 0);
    denied(&error);
    EQUAL(error, EPERM);
    CHECK(syscall(9999) == -1 && errno == EPERM, "9999");
    ssize_t n = read(channel[0], said, sizeof said - 1);
    said[n < 0 ? 0 : n] = 0;
    snprintf(expected, sizeof expected,
        "refused-syscall role=tester call=getpriority number=%d thread=%d name=\"a thread\"\n"
        "refused-syscall role=tester call=unknown number=9999 thread=%d name=\"a thread\"\n",
        SYS_getpriority, gettid(), gettid());
    CHECK(!strcmp(said, expected), "%s", said);
    close(channel[0]);
    close(channel[1]);
}

const struct test process_tests[] = {
    { "getpid, geteuid, umask", identity, 0, NULL },
    { "exit at once", ending, 0, NULL },
    { "chdir", directories, 0, NULL },
    { "setrlimit", limits, 0, NULL },
    { "prctl", control, 0, NULL },
    { "filters of a wrong length", bad_filters, 0, NULL },
    { "ways into namespaces", namespaces, 1, "clone3(2)" },
    { "seccomp on every thread", filter, 0, "seccomp(2)" },
    { "refused calls are named", refusals, 0, "seccomp(2)" },
    { "setgroups, setfsuid, setfsgid, setresgid, setresuid", drop, 1, NULL },
    { "chroot", jail, 1, NULL },
    { NULL, NULL, 0, NULL },
};
