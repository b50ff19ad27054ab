/*
 * Line ends of TYPE A (RFC 959, 3.1.1.1), over memory of Native.allocate.  Trusted with the bytes of a file and with
 * staying inside the lengths that it is told: it calls nothing but memchr and memcpy, which the C library has in the
 * widest form that the processor knows.  Here rather than in Java, since a session lives too short to see its loops
 * compiled well.
 */
#include <errno.h>
#include <jni.h>
#include <stdint.h>
#include <string.h>

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_twoftpd_shared_os_Native_##name
#define UNUSED __attribute__((unused))

static char *run(char *to, const char *from, const char *end)
{
    size_t n = (size_t)(end - from);
    memcpy(to, from, n);
    return to + n;
}

CALL(jlong, linesToWire)(JNIEnv *env UNUSED, jclass c UNUSED, jlong from, jlong len, jlong to)
{
    const char *in = (const char *)(intptr_t)from, *end, *lf;
    char *start = (char *)(intptr_t)to, *out = start;
    if (!in || !out) return -EFAULT;
    if (len < 0) return -EINVAL;
    for (end = in + len; (lf = memchr(in, '\n', (size_t)(end - in))); in = lf + 1) {
        out = run(out, in, lf);
        *out++ = '\r';
        *out++ = '\n';
    }
    return run(out, in, end) - start;
}

CALL(jlong, linesToFile)(JNIEnv *env UNUSED, jclass c UNUSED, jlong from, jlong len, jlong to)
{
    const char *in = (const char *)(intptr_t)from, *end, *cr;
    char *start = (char *)(intptr_t)to, *out = start;
    if (!in || !out) return -EFAULT;
    if (len < 0) return -EINVAL;
    for (end = in + len; (cr = memchr(in, '\r', (size_t)(end - in))); in = cr + 1) {
        out = run(out, in, cr);
        if (cr + 1 == end) return -(out - start) - 1;
        if (cr[1] != '\n') *out++ = '\r';
    }
    return run(out, in, end) - start;
}
