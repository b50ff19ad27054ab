/*
 * Line ends of TYPE A (RFC 959, 3.1.1.1), in memory of Native.allocate.  Trusted with the bytes of a file and with staying
 * inside the lengths that it is told.  It is in C since a session ends before the virtual machine has compiled its loops
 * well.  Where every processor of the machine's kind can, it takes 16 bytes at a time; elsewhere, and for what is left at
 * the end, it uses memchr and memcpy, which cost as much for the calls as for the work when lines have the usual length.
 */
#define _GNU_SOURCE
#include "native.h"

#if defined __SSE2__ && !defined LINES_BY_LIBRARY
#include <emmintrin.h>

/* Copies 16 bytes, and answers how many of them come before the first `what`: 16 when there is none. */
static unsigned before(char *to, const char *from, char what)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)from);
    _mm_storeu_si128((__m128i *)(void *)to, v);
    unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(what)));
    return found ? (unsigned)__builtin_ctz(found) : 16;
}
#define BLOCK 16
#endif

static char *append(char *to, const char *from, const char *end)
{
    memcpy(to, from, (size_t)(end - from));
    return to + (end - from);
}

/* Ends a line with CR LF.  The line may have its CR already, as in files that Windows wrote. */
static char *end_line(char *out, const char *start, int after_cr)
{
    *out = '\r';
    out += !(out > start ? out[-1] == '\r' : after_cr);
    *out = '\n';
    return out + 1;
}

CALL(jlong, linesToWire)(JNIEnv *env UNUSED, jclass c UNUSED, jlong from, jlong len, jboolean after_cr, jlong to)
{
    const char *in = (const char *)(intptr_t)from, *end, *lf;
    char *start = (char *)(intptr_t)to, *out = start;
    if (!in || !out) return -EFAULT;
    if (len < 0) return -EINVAL;
    end = in + len;
#ifdef BLOCK
    while (end - in >= BLOCK) {
        unsigned n = before(out, in, '\n');
        in += n;
        out += n;
        if (n == BLOCK) continue;
        in++;
        out = end_line(out, start, after_cr);
    }
#endif
    for (; (lf = memchr(in, '\n', (size_t)(end - in))); in = lf + 1) {
        out = append(out, in, lf);
        out = end_line(out, start, after_cr);
    }
    out = append(out, in, end);
    return (out > start ? out[-1] == '\r' : after_cr) ? -(out - start) - 1 : out - start;
}

CALL(jlong, linesToFile)(JNIEnv *env UNUSED, jclass c UNUSED, jlong from, jlong len, jlong to)
{
    const char *in = (const char *)(intptr_t)from, *end, *cr;
    char *start = (char *)(intptr_t)to, *out = start;
    if (!in || !out) return -EFAULT;
    if (len < 0) return -EINVAL;
    end = in + len;
#ifdef BLOCK
    /* One byte more than a block, so that the byte after a CR is here as well. */
    while (end - in > BLOCK) {
        unsigned n = before(out, in, '\r');
        in += n;
        out += n;
        if (n == BLOCK) continue;
        if (*++in != '\n') *out++ = '\r';
    }
#endif
    for (; (cr = memchr(in, '\r', (size_t)(end - in))); in = cr + 1) {
        out = append(out, in, cr);
        if (cr + 1 == end) return -(out - start) - 1;
        if (cr[1] != '\n') *out++ = '\r';
    }
    return append(out, in, end) - start;
}
