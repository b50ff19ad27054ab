/*
 * What the functions behind Native and Processes of org.twoftpd.shared.os have in common.  They are trusted with everything, so each is one
 * system call, decides nothing, and keeps no state but for signals.  Results are the call's own, or -errno.  Arrays are
 * copied in and out (but for readInto and writeOutOf) with their bounds checked; what does not fit is an error, never a shorter copy.  A null is -EFAULT, as
 * in the kernel.  Copies lie on the stack, 72 KiB at most, since HotSpot keeps 80 KiB free for native code
 * (-XX:StackShadowPages).  Copies that may hold passwords or hashes (read, write, recvmsg) are wiped.
 */
#ifndef NATIVE_H
#define NATIVE_H

#include <errno.h>
#include <jni.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

/* A method of Native, and one of Processes. */
#define CALL(type, name) JNIEXPORT type JNICALL Java_org_twoftpd_shared_os_Native_##name
#define PROCESS_CALL(type, name) JNIEXPORT type JNICALL Java_org_twoftpd_shared_os_Processes_##name
#define UNUSED __attribute__((unused))
#define CHUNK 65536

static inline jint result(int r) { return r < 0 ? -errno : r; }
static inline jlong lresult(int64_t r) { return r < 0 ? -errno : (jlong)r; }

/* The length of an array, or -EFAULT. */
static inline jint length(JNIEnv *env, jarray array)
{
    return array ? (*env)->GetArrayLength(env, array) : -EFAULT;
}

/* Copies a name and ends it with NUL.  0, or -errno. */
static inline jint name(JNIEnv *env, jbyteArray array, char *to)
{
    jsize n = length(env, array);
    if (n < 0) return n;
    if (n >= PATH_MAX) return -ENAMETOOLONG;
    (*env)->GetByteArrayRegion(env, array, 0, n, (jbyte *)to);
    to[n] = 0;
    return memchr(to, 0, (size_t)n) ? -EINVAL : 0;
}

/* 0 when the region lies inside the array, else -errno. */
static inline jint region(JNIEnv *env, jbyteArray array, jint off, jint len)
{
    jsize n = length(env, array);
    if (n < 0) return n;
    return off < 0 || len < 0 || off > n || len > n - off ? -EINVAL : 0;
}

/* Declares p and copies a name into it, or leaves the function with -errno. */
#define WITH_NAME(p, array) \
    char p[PATH_MAX]; \
    do { jint bad_ = name(env, array, p); if (bad_) return bad_; } while (0)

#endif
