/*
 * Bytes between descriptors and memory: in Java's heap, where a call takes so many, and outside of it.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake_jni.h"
#include "test.h"

/* A call takes 64 KiB at most, and says so. */
static void large_counts(void)
{
    enum { LARGE = 300000 };
    int f = memfd_create("large", MFD_CLOEXEC);
    jbyteArray b = room(LARGE), back = room(LARGE);
    for (int i = 0; i < LARGE; i++) ((char *)in(b))[i] = (char)(i * 31 >> 3);
    for (int n = 0, r; n < LARGE; n += r) {
        r = NATIVE(write, f, b, n, LARGE - n);
        CHECK(r > 0 && r <= 65536, "write answered %d", r);
    }
    EQUAL(NATIVE(lseek, f, 0, SEEK_SET), 0);
    for (int n = 0, r; n < LARGE; n += r) {
        r = NATIVE(read, f, back, n, LARGE - n);
        CHECK(r > 0 && r <= 65536, "read answered %d", r);
    }
    CHECK(!memcmp(in(b), in(back), LARGE), "not what was written");
    EQUAL(NATIVE(close, f), 0);
}

static void memory(void)
{
    int f = memfd_create("memory", MFD_CLOEXEC);
    jlong a = NATIVE(allocate, 1000);
    CHECK(a, "allocate");
    for (int i = 0; i < 1000; i++) CHECK(((char *)(intptr_t)a)[i] == 0, "memory with something old in it");
    memset((void *)(intptr_t)a, 'm', 1000);
    EQUAL(NATIVE(writeFrom, f, a, 1000), 1000);
    EQUAL(NATIVE(lseek, f, 0, SEEK_SET), 0);
    EQUAL(NATIVE(readTo, f, a, 1000), 1000);
    EQUAL(NATIVE(readTo, f, a, 1000), 0);
    EQUAL(NATIVE(readTo, f, a, -1), -EINVAL);
    EQUAL(NATIVE(readTo, f, a, INT64_MIN), -EINVAL);
    EQUAL(NATIVE(writeFrom, f, a, -1), -EINVAL);
    EQUAL(NATIVE(readTo, f, 0, 10), -EFAULT);
    EQUAL(NATIVE(writeFrom, f, 0, 10), -EFAULT);
    EQUAL(NATIVE(readTo, -1, a, 10), -EBADF);
    EQUAL(NATIVE(allocate, -1), 0);
    EQUAL(NATIVE(allocate, INT64_MIN), 0);
    EQUAL(NATIVE(close, f), 0);
    free((void *)(intptr_t)a);
}

/* Arrays that are read and written without a copy: all of what is asked for, within the bounds, and given back each time. */
static void whole_arrays(void)
{
    enum { LARGE = 300000 };
    int f = memfd_create("whole", MFD_CLOEXEC);
    jbyteArray b = room(LARGE), back = room(LARGE);
    for (int i = 0; i < LARGE; i++) ((char *)in(b))[i] = (char)(i * 31 >> 3);
    EQUAL(NATIVE(writeOutOf, f, b, 5, LARGE - 5), LARGE - 5);
    EQUAL(NATIVE(lseek, f, 0, SEEK_SET), 0);
    EQUAL(NATIVE(readInto, f, back, 7, LARGE - 7), LARGE - 7);
    CHECK(!memcmp((char *)in(b) + 5, (char *)in(back) + 7, LARGE - 7), "not what was written");
    CHECK(((char *)in(back))[6] == 0x5a, "another region was written");
    EQUAL(NATIVE(readInto, f, back, 0, LARGE), 2);
    EQUAL(NATIVE(readInto, f, back, 0, LARGE), 0);
    EQUAL(NATIVE(readInto, f, back, 1, LARGE), -EINVAL);
    EQUAL(NATIVE(readInto, f, back, -1, 1), -EINVAL);
    EQUAL(NATIVE(readInto, f, NULL, 0, 1), -EFAULT);
    EQUAL(NATIVE(readInto, -1, back, 0, 1), -EBADF);
    EQUAL(NATIVE(writeOutOf, f, b, 1, LARGE), -EINVAL);
    EQUAL(NATIVE(writeOutOf, f, b, 0, -1), -EINVAL);
    EQUAL(NATIVE(writeOutOf, f, NULL, 0, 1), -EFAULT);
    EQUAL(NATIVE(writeOutOf, -1, b, 0, 1), -EBADF);
    EQUAL(NATIVE(close, f), 0);
}

const struct test memory_tests[] = {
    { "more than 64 KiB", large_counts, 0, NULL },
    { "memory", memory, 0, NULL },
    { "whole arrays", whole_arrays, 0, NULL },
    { NULL, NULL, 0, NULL },
};
