/*
 * A test is a function that returns when all is well.  Each runs in a process of its own, so that it may crash, chroot,
 * or give up root; what it leaves open or allocated counts as a fault of the library.
 */
#ifndef TEST_H
#define TEST_H

#include <stdnoreturn.h>

#include "org_twoftpd_shared_os_Native.h"
#include "org_twoftpd_shared_os_Processes.h"

struct test {
    const char *name;
    void (*run)(void);
    int needs_root;
    const char *unknown; /* what valgrind 3.19 does not know and the test needs */
};

extern const struct test descriptor_tests[], memory_tests[], socket_tests[], passing_tests[], file_tests[], process_tests[],
    spawn_tests[], lines_tests[];

noreturn __attribute__((format(printf, 3, 4))) void fail(const char *file, int line, const char *format, ...);

#define CHECK(condition, ...) \
    do { \
        if (!(condition)) fail(__FILE__, __LINE__, __VA_ARGS__); \
    } while (0)

/* Compares two integers of any width. */
#define EQUAL(got, expected) \
    do { \
        long long g_ = (got), e_ = (expected); \
        if (g_ != e_) fail(__FILE__, __LINE__, "%s is %lld, not %s (%lld)", #got, g_, #expected, e_); \
    } while (0)

/* A method of Native or Processes, as the JVM would call it. */
#define NATIVE(name, ...) Java_org_twoftpd_shared_os_Native_##name(&env, NULL __VA_OPT__(, ) __VA_ARGS__)
#define PROCESSES(name, ...) Java_org_twoftpd_shared_os_Processes_##name(&env, NULL __VA_OPT__(, ) __VA_ARGS__)

/* The name of a fresh directory that is removed after the test. */
extern const char *scratch;

/* The program that says what it was started with (report.c). */
extern const char *reporter;

int open_descriptors(void);

#endif
