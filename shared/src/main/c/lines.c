/*
 * Line ends of TYPE A (RFC 959, 3.1.1.1), over memory of Native.allocate.  Trusted with the bytes of a file and with
 * staying inside the lengths that it is told: it calls nothing but memchr and memcpy, which the C library has in the
 * widest form that the processor knows.  Here rather than in Java, since a session lives too short to see its loops
 * compiled well.
 */
#define _GNU_SOURCE
#include "native.h"

#define SHORT 128

/*
 * Copies what lies before `end`, and what comes next behind that: most lines are so short that a copy of one fixed
 * length, which the compiler makes without a call or a loop, is the quicker one.  `last` is where the memory to copy
 * from ends; that to copy to has room for as much.
 */
static char *run(char *to, const char *from, const char *end, const char *last)
{
    size_t n = (size_t)(end - from);
    memcpy(to, from, n <= SHORT && last - from >= SHORT ? SHORT : n);
    return to + n;
}

CALL(jlong, linesToWire)(JNIEnv *env UNUSED, jclass c UNUSED, jlong from, jlong len, jlong to)
{
    const char *in = (const char *)(intptr_t)from, *end, *lf;
    char *start = (char *)(intptr_t)to, *out = start;
    if (!in || !out) return -EFAULT;
    if (len < 0) return -EINVAL;
    for (end = in + len; (lf = memchr(in, '\n', (size_t)(end - in))); in = lf + 1) {
        out = run(out, in, lf, end);
        *out++ = '\r';
        *out++ = '\n';
    }
    return run(out, in, end, end) - start;
}

CALL(jlong, linesToFile)(JNIEnv *env UNUSED, jclass c UNUSED, jlong from, jlong len, jlong to)
{
    const char *in = (const char *)(intptr_t)from, *end, *cr;
    char *start = (char *)(intptr_t)to, *out = start;
    if (!in || !out) return -EFAULT;
    if (len < 0) return -EINVAL;
    for (end = in + len; (cr = memchr(in, '\r', (size_t)(end - in))); in = cr + 1) {
        out = run(out, in, cr, end);
        if (cr + 1 == end) return -(out - start) - 1;
        if (cr[1] != '\n') *out++ = '\r';
    }
    return run(out, in, end, end) - start;
}
