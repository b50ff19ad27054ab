/*
 * Ways into a namespace of one's own, for finding out whether a filter refuses them.  native.h says what holds for all of
 * these functions.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "native.h"

/* The call came with Linux 6.15 and has this number on every machine. */
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif

PROCESS_CALL(jint, unshare)(JNIEnv *env UNUSED, jclass c UNUSED, jint flags) { return result(unshare(flags)); }

/* The new process is a copy of one with many threads, so the only call that it makes is the one that ends it. */
static jint made(long pid)
{
    if (pid < 0) return -errno;
    if (pid == 0) syscall(SYS_exit_group, 0);
    return waitpid((pid_t)pid, NULL, 0) < 0 ? -errno : 0;
}

PROCESS_CALL(jint, cloneOnce)(JNIEnv *env UNUSED, jclass c UNUSED, jint flags)
{
    return made(syscall(SYS_clone, (unsigned long)(unsigned)flags | SIGCHLD, 0, 0, 0, 0));
}

PROCESS_CALL(jint, clone3Once)(JNIEnv *env UNUSED, jclass c UNUSED, jint flags)
{
    struct clone_args a = { .flags = (unsigned)flags, .exit_signal = SIGCHLD };
    return made(syscall(SYS_clone3, &a, sizeof a));
}

PROCESS_CALL(jint, openTreeAttr)(JNIEnv *env UNUSED, jclass c UNUSED)
{
    struct mount_attr a = { 0 };
    long fd = syscall(SYS_open_tree_attr, AT_FDCWD, "/", 0, &a, sizeof a);
    return fd < 0 ? -errno : result(close((int)fd));
}
