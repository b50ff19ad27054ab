/*
 * Line ends in both directions, in memory of exactly the promised room, so that a sanitizer sees a byte too many; held
 * against the plainest way to do it.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fake_jni.h"
#include "test.h"

#define LONGEST 200

static jlong at(void *p) { return (jlong)(intptr_t)p; }

static size_t plain_to_wire(const char *in, size_t n, int after_cr, char *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        int had = i == 0 ? after_cr : in[i - 1] == '\r';
        if (in[i] == '\n' && !had) out[k++] = '\r';
        out[k++] = in[i];
    }
    return k;
}

static size_t plain_to_file(const char *in, size_t n, char *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (in[i] != '\r' || (i + 1 < n && in[i + 1] != '\n')) out[k++] = in[i];
    return k;
}

static void one(const char *text, size_t n)
{
    char expected[2 * LONGEST], *in = malloc(n), *wire = malloc(2 * n), *file = malloc(n);
    int held = n > 0 && text[n - 1] == '\r';
    if (n) memcpy(in, text, n);
    size_t k;
    for (int after_cr = 0; after_cr < 2; after_cr++) {
        k = plain_to_wire(text, n, after_cr, expected);
        EQUAL(NATIVE(linesToWire, at(in), (jlong)n, (jboolean)after_cr, at(wire)), held ? -(long long)k - 1 : (long long)k);
        CHECK(!memcmp(wire, expected, k), "on the wire");
    }
    k = plain_to_file(text, n, expected);
    EQUAL(NATIVE(linesToFile, at(in), (jlong)n, at(file)), held ? -(long long)k - 1 : (long long)k);
    CHECK(!memcmp(file, expected, k), "in the file");
    free(in);
    free(wire);
    free(file);
}

static void line_ends(void)
{
    char text[LONGEST];
    unsigned seed = 1;
    for (size_t n = 1; n <= LONGEST; n++)
        for (int kind = 0; kind < 8; kind++) {
            for (size_t i = 0; i < n; i++) {
                seed = seed * 1103515245 + 12345;
                unsigned r = seed >> 16;
                text[i] = kind == 0 ? '\n' : kind == 1 ? '\r' : r % 5 == 0 ? '\n' : r % 7 == 0 ? '\r' : (char)r;
            }
            one(text, n);
        }
}

static void nothing_to_do(void)
{
    char a[4] = "abc", b[8];
    EQUAL(NATIVE(linesToWire, at(a), 0, 0, at(b)), 0);
    EQUAL(NATIVE(linesToWire, at(a), 0, 1, at(b)), -1);
    EQUAL(NATIVE(linesToFile, at(a), 0, at(b)), 0);
    EQUAL(NATIVE(linesToWire, at(a), -1, 0, at(b)), -EINVAL);
    EQUAL(NATIVE(linesToFile, at(a), INT64_MIN, at(b)), -EINVAL);
    EQUAL(NATIVE(linesToWire, 0, 1, 0, at(b)), -EFAULT);
    EQUAL(NATIVE(linesToWire, at(a), 1, 0, 0), -EFAULT);
    EQUAL(NATIVE(linesToFile, 0, 1, at(b)), -EFAULT);
    EQUAL(NATIVE(linesToFile, at(a), 1, 0), -EFAULT);
    EQUAL(NATIVE(put, at(a), 'x'), 0);
    EQUAL(a[0], 'x');
    EQUAL(NATIVE(put, 0, 'x'), -EFAULT);
}

const struct test lines_tests[] = {
    { "line ends", line_ends, 0, NULL },
    { "line ends of nothing", nothing_to_do, 0, NULL },
    { NULL, NULL, 0, NULL },
};
