/*
 * Started by the tests of spawn: says on descriptor 0 what it was given, then exits with 7.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void describe(int fd, int parent)
{
    struct stat s, mine, theirs;
    char path[64];
    const char *what = "something else";
    fstat(fd, &s);
    snprintf(path, sizeof path, "/proc/%d/fd/2", parent);
    if (fd == 2 && fstat(2, &mine) == 0 && stat(path, &theirs) == 0 && mine.st_ino == theirs.st_ino) what = "the parent's";
    else if (S_ISSOCK(s.st_mode)) what = "a socket";
    else if (S_ISCHR(s.st_mode) && s.st_rdev == makedev(1, 3)) what = "/dev/null";
    dprintf(0, "descriptor %d is %s\n", fd, what);
}

int main(int argc, char **argv, char **envp)
{
    int blocked = 0, ignored = 0, caught = 0;
    for (int i = 0; i < argc; i++) dprintf(0, "argument <%s>\n", argv[i]);
    for (char **e = envp; *e; e++) dprintf(0, "environment <%s>\n", *e);
    for (int fd = 0; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0) describe(fd, getppid());
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    for (int s = 1; s < NSIG; s++) {
        struct sigaction a;
        blocked += sigismember(&mask, s) == 1;
        if (sigaction(s, NULL, &a) < 0) continue;
        ignored += a.sa_handler == SIG_IGN;
        caught += a.sa_handler != SIG_IGN && a.sa_handler != SIG_DFL;
    }
    dprintf(0, "blocked %d\nignored %d\ncaught %d\n", blocked, ignored, caught);
    return 7;
}
