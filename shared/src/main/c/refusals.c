/*
 * For finding out what a kernel filter refuses: a handler of SIGSYS that names the call in a line of the log and lets it
 * fail.  The handler runs wherever a refused call was made, so it makes no call but those to write the line and to read the
 * thread's id and name, which every filter lets through.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "native.h"

#define ROLE_MAX 32
#define LINE_ROOM 256

/* The names come from the headers of the machine that this is compiled for; see build. */
static const char names[][32] = {
#include "syscall_names.h"
};

static char role[ROLE_MAX];

static size_t add(char *line, size_t n, const char *s)
{
    while (*s && n < LINE_ROOM - 1) line[n++] = *s++;
    return n;
}

static size_t add_number(char *line, size_t n, unsigned v)
{
    char digits[12];
    size_t i = sizeof digits;
    digits[--i] = 0;
    do digits[--i] = (char)('0' + v % 10);
    while (v /= 10);
    return add(line, n, digits + i);
}

static void refused(int signal UNUSED, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    unsigned number = (unsigned)info->si_syscall;
    char thread[17] = "", line[LINE_ROOM];
    size_t n = 0;
    prctl(PR_GET_NAME, thread, 0, 0, 0);
    n = add(line, n, "refused-syscall role=");
    n = add(line, n, role);
    n = add(line, n, " call=");
    n = add(line, n, number < sizeof names / sizeof *names && *names[number] ? names[number] : "unknown");
    n = add(line, n, " number=");
    n = add_number(line, n, number);
    n = add(line, n, " thread=");
    n = add_number(line, n, (unsigned)syscall(SYS_gettid));
    n = add(line, n, " name=\"");
    n = add(line, n, thread);
    n = add(line, n, "\"\n");
    /* When the log takes nothing the line is lost, and nobody can be told. */
    ssize_t ignored UNUSED = write(2, line, n);
#if defined __x86_64__
    u->uc_mcontext.gregs[REG_RAX] = -EPERM;
#elif defined __aarch64__
    u->uc_mcontext.regs[0] = (unsigned long long)-EPERM;
#else
#error "not made for this machine"
#endif
}

CALL(jint, reportRefusals)(JNIEnv *env, jclass c UNUSED, jbyteArray r)
{
    struct sigaction a = { .sa_sigaction = refused, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK };
    if (!r) return -EFAULT;
    jsize n = (*env)->GetArrayLength(env, r);
    if (n >= ROLE_MAX) return -EINVAL;
    (*env)->GetByteArrayRegion(env, r, 0, n, (jbyte *)role);
    role[n] = 0;
    sigfillset(&a.sa_mask);
    return sigaction(SIGSYS, &a, NULL) < 0 ? -errno : 0;
}
