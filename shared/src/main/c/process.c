/* The process itself: its ids, its root, its limits, its filter.  native.h says what holds for all of these functions. */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "native.h"

CALL(jint, getrandom)(JNIEnv *env, jclass c UNUSED, jbyteArray to)
{
    /* Up to 256 bytes come whole and uninterrupted, says getrandom(2). */
    jbyte buf[256];
    jsize n = length(env, to);
    if (n < 0) return n;
    if (n > (jsize)sizeof buf) return -EINVAL;
    ssize_t r = getrandom(buf, (size_t)n, 0);
    if (r < 0) return -errno;
    if (r != n) return -EIO;
    (*env)->SetByteArrayRegion(env, to, 0, n, buf);
    return 0;
}

CALL(void, exit)(JNIEnv *env UNUSED, jclass c UNUSED, jint status) { _exit(status); }

CALL(jint, getpid)(JNIEnv *env UNUSED, jclass c UNUSED) { return getpid(); }
CALL(jint, geteuid)(JNIEnv *env UNUSED, jclass c UNUSED) { return (jint)geteuid(); }
CALL(jint, umask)(JNIEnv *env UNUSED, jclass c UNUSED, jint mask) { return (jint)umask((mode_t)mask); }

CALL(jint, chdir)(JNIEnv *env, jclass c UNUSED, jbyteArray path)
{
    WITH_NAME(p, path);
    return result(chdir(p));
}

CALL(jint, chroot)(JNIEnv *env, jclass c UNUSED, jbyteArray path)
{
    WITH_NAME(p, path);
    return result(chroot(p));
}

CALL(jint, setgroups)(JNIEnv *env, jclass c UNUSED, jintArray groups)
{
    jint g[NGROUPS_MAX > 4096 ? 4096 : NGROUPS_MAX];
    _Static_assert(sizeof(gid_t) == sizeof(jint), "gid_t");
    jsize n = length(env, groups);
    if (n < 0) return n;
    if (n > (jsize)(sizeof g / sizeof *g)) return -EINVAL;
    (*env)->GetIntArrayRegion(env, groups, 0, n, g);
    return result(setgroups((size_t)n, (const gid_t *)g));
}

CALL(jint, setresgid)(JNIEnv *env UNUSED, jclass c UNUSED, jint r, jint e, jint s)
{
    return result(setresgid((gid_t)r, (gid_t)e, (gid_t)s));
}

CALL(jint, setresuid)(JNIEnv *env UNUSED, jclass c UNUSED, jint r, jint e, jint s)
{
    return result(setresuid((uid_t)r, (uid_t)e, (uid_t)s));
}

CALL(jint, setresuidOfThread)(JNIEnv *env UNUSED, jclass c UNUSED, jint r, jint e, jint s)
{
    return result((int)syscall(SYS_setresuid, r, e, s));
}

CALL(jint, setresgidOfThread)(JNIEnv *env UNUSED, jclass c UNUSED, jint r, jint e, jint s)
{
    return result((int)syscall(SYS_setresgid, r, e, s));
}

CALL(jint, setfsuid)(JNIEnv *env UNUSED, jclass c UNUSED, jint uid)
{
    return setfsuid((uid_t)uid);
}

CALL(jint, setfsgid)(JNIEnv *env UNUSED, jclass c UNUSED, jint gid)
{
    return setfsgid((gid_t)gid);
}

CALL(jint, setrlimit)(JNIEnv *env UNUSED, jclass c UNUSED, jint resource, jlong limit)
{
    struct rlimit l = { (rlim_t)limit, (rlim_t)limit };
    return result(setrlimit((__rlimit_resource_t)resource, &l));
}

CALL(jint, prctl)(JNIEnv *env UNUSED, jclass c UNUSED, jint option, jlong a, jlong b, jlong d, jlong e)
{
    return result(prctl(option, (unsigned long)a, (unsigned long)b, (unsigned long)d, (unsigned long)e));
}

CALL(jint, seccomp)(JNIEnv *env, jclass c UNUSED, jbyteArray program, jboolean log)
{
    struct sock_filter f[BPF_MAXINSNS];
    jsize n = length(env, program);
    if (n < 0) return n;
    if (n == 0 || n % (jsize)sizeof *f != 0 || n > (jsize)sizeof f) return -EINVAL;
    (*env)->GetByteArrayRegion(env, program, 0, n, (jbyte *)f);
    struct sock_fprog p = { .len = (unsigned short)(n / (jsize)sizeof *f), .filter = f };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
    unsigned flags = SECCOMP_FILTER_FLAG_TSYNC | (log ? SECCOMP_FILTER_FLAG_LOG : 0);
    long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p);
    /* A positive result is the thread that could not take the filter. */
    return r < 0 ? -errno : r > 0 ? -EAGAIN : 0;
}
