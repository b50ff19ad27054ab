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

/* Only a buffer outside of the heap has an address: what lies in the heap may be moved at any time. */
static void address(void)
{
    jobject b = direct(10);
    int f = memfd_create("address", MFD_CLOEXEC);
    EQUAL(NATIVE(address, b), (jlong)(intptr_t)in(b));
    EQUAL(NATIVE(address, room(10)), 0);
    EQUAL(NATIVE(address, NULL), 0);
    EQUAL(NATIVE(writeFrom, f, NATIVE(address, b), 10), 10);
    EQUAL(NATIVE(lseek, f, 0, SEEK_SET), 0);
    memset(in(b), 0, 10);
    EQUAL(NATIVE(readTo, f, NATIVE(address, b) + 3, 7), 7);
    CHECK(!memcmp(in(b), "\0\0\0ZZZZZZZ", 10), "another region");
    EQUAL(NATIVE(writeFrom, f, NATIVE(address, room(10)), 10), -EFAULT);
    EQUAL(NATIVE(close, f), 0);
}

const struct test memory_tests[] = {
    { "more than 64 KiB", large_counts, 0, NULL },
    { "memory", memory, 0, NULL },
    { "the address of a buffer", address, 0, NULL },
    { NULL, NULL, 0, NULL },
};
