/* Files and directories.  native.h says what holds for all of these functions. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "native.h"

#define STATUS_FIELDS 9
#define NAMES_MAX 128
#define NAMES_ROOM (NAMES_MAX * (NAME_MAX + 1))

CALL(jint, openat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint flags, jint mode)
{
    WITH_NAME(p, path);
    return result(openat(dir, p, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, (mode_t)mode));
}

/* 0, or -errno. */
static jint status(jint dir, const char *path, jint flags, jlong v[static STATUS_FIELDS])
{
    struct statx s;
    if (statx(dir, path, flags, STATX_BASIC_STATS, &s) < 0) return -errno;
    v[0] = s.stx_mode;
    v[1] = s.stx_nlink;
    v[2] = s.stx_uid;
    v[3] = s.stx_gid;
    v[4] = (jlong)s.stx_size;
    v[5] = s.stx_mtime.tv_sec;
    v[6] = s.stx_mtime.tv_nsec;
    v[7] = (jlong)s.stx_ino;
    v[8] = ((jlong)s.stx_dev_major << 32) | s.stx_dev_minor;
    return 0;
}

CALL(jint, statx)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint flags, jlongArray out)
{
    WITH_NAME(p, path);
    jlong v[STATUS_FIELDS];
    jsize n = length(env, out);
    if (n < 0) return n;
    if (n < STATUS_FIELDS) return -EINVAL;
    jint r = status(dir, p, flags, v);
    if (r == 0) (*env)->SetLongArrayRegion(env, out, 0, STATUS_FIELDS, v);
    return r;
}

CALL(jint, statxEach)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray names, jint len, jint flags, jlongArray out)
{
    char p[NAMES_ROOM];
    jlong v[NAMES_MAX * STATUS_FIELDS];
    jsize n = 0, room = length(env, out);
    jint bad = room < 0 ? room : region(env, names, 0, len);
    if (bad) return bad;
    if (len > NAMES_ROOM) return -EINVAL;
    (*env)->GetByteArrayRegion(env, names, 0, len, (jbyte *)p);
    if (len && p[len - 1]) return -EINVAL;
    for (jint at = 0; at < len; at += (jint)strlen(p + at) + 1, n++) {
        jlong *to = v + n * STATUS_FIELDS;
        if (n == NAMES_MAX || n >= room / STATUS_FIELDS) return -EINVAL;
        jint r = status(dir, p + at, flags, to);
        if (r < 0) {
            memset(to, 0, STATUS_FIELDS * sizeof *to);
            to[0] = r;
        }
    }
    (*env)->SetLongArrayRegion(env, out, 0, n * STATUS_FIELDS, v);
    return n;
}

CALL(jint, getdents64)(JNIEnv *env, jclass c UNUSED, jint fd, jbyteArray b)
{
    char buf[CHUNK];
    jsize n = length(env, b);
    if (n < 0) return n;
    long r = syscall(SYS_getdents64, fd, buf, n < CHUNK ? n : CHUNK);
    if (r < 0) return -errno;
    (*env)->SetByteArrayRegion(env, b, 0, (jsize)r, (jbyte *)buf);
    return (jint)r;
}

CALL(jint, unlinkat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint flags)
{
    WITH_NAME(p, path);
    return result(unlinkat(dir, p, flags));
}

CALL(jint, renameat2)(JNIEnv *env, jclass c UNUSED, jint from_dir, jbyteArray from, jint to_dir, jbyteArray to, jint flags)
{
    WITH_NAME(p, from);
    WITH_NAME(q, to);
    return result(renameat2(from_dir, p, to_dir, q, (unsigned)flags));
}

CALL(jint, linkat)(JNIEnv *env, jclass c UNUSED, jint from_dir, jbyteArray from, jint to_dir, jbyteArray to, jint flags)
{
    WITH_NAME(p, from);
    WITH_NAME(q, to);
    return result(linkat(from_dir, p, to_dir, q, flags));
}

CALL(jint, mkdirat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint mode)
{
    WITH_NAME(p, path);
    return result(mkdirat(dir, p, (mode_t)mode));
}

CALL(jint, fchmodat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint mode)
{
    WITH_NAME(p, path);
    return result(fchmodat(dir, p, (mode_t)mode, 0));
}

CALL(jint, fchmod)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint mode)
{
    return result(fchmod(fd, (mode_t)mode));
}

CALL(jint, fchown)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint uid, jint gid)
{
    return result(fchown(fd, (uid_t)uid, (gid_t)gid));
}

CALL(jint, utimensat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jlong seconds, jlong nanoseconds, jint flags)
{
    WITH_NAME(p, path);
    if (nanoseconds < 0 || nanoseconds > 999999999) return -EINVAL; /* UTIME_NOW and UTIME_OMIT among them */
    struct timespec t[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = seconds, .tv_nsec = (long)nanoseconds } };
    return result(utimensat(dir, p, t, flags));
}

CALL(jint, readlinkat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jbyteArray to)
{
    WITH_NAME(p, path);
    char buf[PATH_MAX];
    jsize n = length(env, to);
    if (n < 0) return n;
    ssize_t r = readlinkat(dir, p, buf, sizeof buf);
    if (r < 0) return -errno;
    if (r == sizeof buf || r > n) return -ENAMETOOLONG;
    (*env)->SetByteArrayRegion(env, to, 0, (jsize)r, (jbyte *)buf);
    return (jint)r;
}

CALL(jint, faccessat)(JNIEnv *env, jclass c UNUSED, jint dir, jbyteArray path, jint mode)
{
    WITH_NAME(p, path);
    return result(faccessat(dir, p, mode, AT_EACCESS));
}

CALL(jint, ftruncate)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jlong len)
{
    return result(ftruncate(fd, len));
}

CALL(jlong, lseek)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jlong off, jint whence)
{
    return lresult(lseek(fd, off, whence));
}

CALL(jint, fsync)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    return result(fsync(fd));
}

CALL(jlong, freeBytes)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd)
{
    struct statvfs s;
    if (fstatvfs(fd, &s) < 0) return -errno;
    uint64_t n;
    if (__builtin_mul_overflow((uint64_t)s.f_bavail, (uint64_t)s.f_frsize, &n) || n > INT64_MAX) n = INT64_MAX;
    return (jlong)n;
}

CALL(jlong, sendfile)(JNIEnv *env UNUSED, jclass c UNUSED, jint out, jint in, jlong off, jlong count)
{
    off_t o = off;
    return lresult(sendfile(out, in, &o, (size_t)count));
}

CALL(jlong, splice)(JNIEnv *env UNUSED, jclass c UNUSED, jint in, jint out, jlong count)
{
    if (count < 0) return -EINVAL;
    return lresult(splice(in, NULL, out, NULL, (size_t)count, SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
}

CALL(jint, setPipeSize)(JNIEnv *env UNUSED, jclass c UNUSED, jint fd, jint bytes)
{
    return result(fcntl(fd, F_SETPIPE_SZ, bytes));
}
