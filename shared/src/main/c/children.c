/* Other processes, and signals.  native.h says what holds for all of these functions. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "native.h"

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
    /* dup2 of a descriptor onto itself clears close-on-exec here, so 0 and 2 may be passed as they are.  A descriptor that
     * is not open makes dup2 fail; otherwise the program would give its number to the first file that it opens. */
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

PROCESS_CALL(jint, spawn)(JNIEnv *env, jclass c UNUSED, jbyteArray path, jobjectArray arguments, jobjectArray environment, jint in, jint err)
{
    /* By the time when the child's descriptor 2 is made, its 0 is another one. */
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

PROCESS_CALL(jint, execve)(JNIEnv *env, jclass c UNUSED, jbyteArray path, jobjectArray arguments, jobjectArray environment)
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

/* A pid that is not positive means a group of processes, or all of them, and can only be a mistake here. */

PROCESS_CALL(jlong, waitpid)(JNIEnv *env UNUSED, jclass c UNUSED, jint pid)
{
    int status = 0;
    if (pid <= 0) return -EINVAL;
    pid_t r = waitpid(pid, &status, WNOHANG);
    if (r < 0) return -errno;
    return r == 0 ? 0 : (jlong)(uint32_t)status | ((jlong)1 << 32);
}

PROCESS_CALL(jlong, processorNanos)(JNIEnv *env UNUSED, jclass c UNUSED, jint pid)
{
    struct timespec t;
    if (pid <= 0) return -EINVAL;
    /* The scheduler's clock of a process, as clock_getcpuclockid(3) makes it. */
    clockid_t clock = (clockid_t)(~(unsigned)pid << 3 | 2);
    if (clock_gettime(clock, &t) < 0) return -errno;
    return (jlong)t.tv_sec * 1000000000 + t.tv_nsec;
}

PROCESS_CALL(jint, pidfdOpen)(JNIEnv *env UNUSED, jclass c UNUSED, jint pid)
{
    return result((int)syscall(SYS_pidfd_open, pid, 0));
}

/* The one state that is kept, since a handler is given nothing but the signal's number. */
static volatile sig_atomic_t wakes[32];

static void wake(int signal)
{
    int saved = errno;
    uint64_t one = 1;
    ssize_t n = write(wakes[signal], &one, sizeof one);
    (void)n;
    errno = saved;
}

PROCESS_CALL(jint, watchSignal)(JNIEnv *env UNUSED, jclass c UNUSED, jint signal, jint fd)
{
    struct sigaction a = {.sa_handler = wake, .sa_flags = SA_RESTART};
    if (signal < 1 || signal > 31) return -EINVAL;
    wakes[signal] = fd;
    sigfillset(&a.sa_mask);
    return result(sigaction(signal, &a, NULL));
}

PROCESS_CALL(jint, kill)(JNIEnv *env UNUSED, jclass c UNUSED, jint pid, jint signal)
{
    return pid <= 0 ? -EINVAL : result(kill(pid, signal));
}
