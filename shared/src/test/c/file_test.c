/*
 * Files: every function that takes a name (but spawn) gets names that are too long, hold a NUL or are null, and then
 * does its work in a directory of its own.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fake_jni.h"
#include "test.h"

static int directory(void)
{
    int d = NATIVE(openat, AT_FDCWD, text(scratch), O_RDONLY | O_DIRECTORY, 0);
    CHECK(d >= 0, "openat answered %d", d);
    return d;
}

static void make(int d, const char *name, const char *content)
{
    int f = NATIVE(openat, d, text(name), O_WRONLY | O_CREAT | O_EXCL, 0644);
    CHECK(f >= 0, "openat %s answered %d", name, f);
    EQUAL(NATIVE(write, f, text(content), 0, (jint)strlen(content)), (long long)strlen(content));
    EQUAL(NATIVE(close, f), 0);
}

static jint calls(int which, jbyteArray name)
{
    jbyteArray good = text("x");
    switch (which) {
    case 0: return NATIVE(openat, AT_FDCWD, name, O_RDONLY, 0);
    case 1: return NATIVE(statx, AT_FDCWD, name, 0, longs(9));
    case 2: return NATIVE(unlinkat, AT_FDCWD, name, 0);
    case 3: return NATIVE(renameat2, AT_FDCWD, name, AT_FDCWD, good, 0);
    case 4: return NATIVE(renameat2, AT_FDCWD, good, AT_FDCWD, name, 0);
    case 5: return NATIVE(linkat, AT_FDCWD, name, AT_FDCWD, good, 0);
    case 6: return NATIVE(linkat, AT_FDCWD, good, AT_FDCWD, name, 0);
    case 7: return NATIVE(mkdirat, AT_FDCWD, name, 0755);
    case 8: return NATIVE(fchmodat, AT_FDCWD, name, 0644);
    case 9: return NATIVE(utimensat, AT_FDCWD, name, 0, 0, 0);
    case 10: return NATIVE(readlinkat, AT_FDCWD, name, room(10));
    case 11: return NATIVE(faccessat, AT_FDCWD, name, 0);
    case 12: return NATIVE(chdir, name);
    case 13: return NATIVE(chroot, name);
    default: return 1;
    }
}

static void bad_names(void)
{
    static char longest[PATH_MAX + 1];
    memset(longest, 'n', sizeof longest);
    CHECK(chdir(scratch) == 0, "chdir");
    for (int i = 0; calls(i, NULL) != 1; i++) {
        EQUAL(calls(i, NULL), -EFAULT);
        EQUAL(calls(i, bytes("a\0b", 3)), -EINVAL);
        EQUAL(calls(i, bytes("\0", 1)), -EINVAL);
        EQUAL(calls(i, bytes("x\0", 2)), -EINVAL);
        EQUAL(calls(i, bytes(longest, PATH_MAX + 1)), -ENAMETOOLONG);
        EQUAL(calls(i, bytes(longest, PATH_MAX)), -ENAMETOOLONG);
        int r = calls(i, bytes(longest, PATH_MAX - 1)); /* fits here, and is too long for one component */
        CHECK(r == -ENAMETOOLONG || r == -ENOENT, "call %d answered %d", i, r);
        EQUAL(calls(i, bytes("", 0)), -ENOENT);
    }
    EQUAL(access("x", F_OK), -1);
}

static void open_never_blocks(void)
{
    int d = directory();
    CHECK(mkfifoat(d, "fifo", 0600) == 0, "mkfifo");
    int f = NATIVE(openat, d, text("fifo"), O_RDONLY, 0);
    CHECK(f >= 0, "openat answered %d", f);
    CHECK(fcntl(f, F_GETFL) & O_NONBLOCK, "a blocking FIFO");
    EQUAL(fcntl(f, F_GETFD), FD_CLOEXEC);
    EQUAL(NATIVE(close, f), 0);
    EQUAL(NATIVE(openat, d, text("fifo"), O_WRONLY, 0), -ENXIO);
    EQUAL(NATIVE(openat, -1, text("fifo"), O_RDONLY, 0), -EBADF);
    EQUAL(NATIVE(close, d), 0);
}

static void status(void)
{
    struct stat s;
    int d = directory();
    jlongArray out = longs(9);
    jlong *v = in(out);
    make(d, "file", "12345");
    EQUAL(NATIVE(fchmodat, d, text("file"), 0640), 0);
    EQUAL(NATIVE(utimensat, d, text("file"), -1234567890123, 987654321, 0), 0);
    EQUAL(NATIVE(statx, d, text("file"), 0, out), 0);
    CHECK(fstatat(d, "file", &s, 0) == 0, "fstatat");
    EQUAL(v[0], S_IFREG | 0640);
    EQUAL(v[1], 1);
    EQUAL(v[2], getuid());
    EQUAL(v[3], s.st_gid);
    EQUAL(v[4], 5);
    EQUAL(v[5], s.st_mtim.tv_sec);
    EQUAL(v[6], s.st_mtim.tv_nsec);
    EQUAL(v[7], (long long)s.st_ino);
    EQUAL(v[8], (long long)major(s.st_dev) << 32 | minor(s.st_dev));
    EQUAL(NATIVE(statx, d, text("missing"), 0, out), -ENOENT);
    EQUAL(NATIVE(statx, d, text(""), AT_EMPTY_PATH, out), 0);
    CHECK(S_ISDIR(v[0]), "mode %llo", (long long)v[0]);
    EQUAL(NATIVE(statx, d, text("file"), 0, longs(8)), -EINVAL);
    EQUAL(NATIVE(statx, d, text("file"), 0, longs(0)), -EINVAL);
    EQUAL(NATIVE(statx, d, text("file"), 0, longs(10)), 0);
    EQUAL(NATIVE(statx, d, text("file"), 0, NULL), -EFAULT);
    EQUAL(NATIVE(statx, d, text("file"), -1, out), -EINVAL);
    EQUAL(NATIVE(utimensat, d, text("file"), 0, 1000000000, 0), -EINVAL);
    EQUAL(NATIVE(utimensat, d, text("file"), 0, -1, 0), -EINVAL);
    EQUAL(NATIVE(utimensat, d, text("file"), 0, UTIME_NOW, 0), -EINVAL);
    EQUAL(NATIVE(close, d), 0);
}

static void statuses(void)
{
    enum { MOST = 128 };
    static char many[(MOST + 1) * 256];
    int d = directory();
    jlongArray out = longs(9 * MOST), one = longs(9);
    jlong *v = in(out), *w = in(one);
    make(d, "file", "12345");
    make(d, "\xff\n", "");
    EQUAL(NATIVE(mkdirat, d, text("sub"), 0755), 0);
    CHECK(symlinkat("nowhere", d, "link") == 0, "symlink");

    jbyteArray names = bytes("file\0missing\0\xff\n\0sub\0link\0\0", 26);
    EQUAL(NATIVE(statxEach, d, names, 26, 0, out), 6);
    static const char *each[] = { "file", NULL, "\xff\n", "sub" };
    for (int i = 0; i < 4; i++) {
        if (!each[i]) continue;
        EQUAL(NATIVE(statx, d, text(each[i]), 0, one), 0);
        CHECK(!memcmp(v + 9 * i, w, 9 * sizeof *w), "%s has another status", each[i]);
    }
    EQUAL(v[4], 5);
    EQUAL(v[9], -ENOENT);
    for (int i = 1; i < 9; i++) EQUAL(v[9 + i], 0);
    EQUAL(v[9 * 4], -ENOENT); /* a link to nowhere */
    EQUAL(v[9 * 5], -ENOENT); /* no name at all */
    EQUAL(NATIVE(statxEach, d, names, 24, AT_SYMLINK_NOFOLLOW, out), -EINVAL);
    EQUAL(NATIVE(statxEach, d, names, 25, AT_SYMLINK_NOFOLLOW, out), 5);
    CHECK(S_ISLNK(v[9 * 4]), "mode %llo", (long long)v[9 * 4]);

    /* Only as far as it was told, and only as much as there is room for. */
    memset(v, 0x11, 9 * MOST * sizeof *v);
    EQUAL(NATIVE(statxEach, d, names, 5, 0, out), 1);
    EQUAL(v[9], 0x1111111111111111);
    EQUAL(NATIVE(statxEach, d, names, 0, 0, out), 0);
    EQUAL(NATIVE(statxEach, d, names, 13, 0, longs(17)), -EINVAL);
    EQUAL(NATIVE(statxEach, d, names, 13, 0, longs(18)), 2);
    EQUAL(NATIVE(statxEach, d, names, 5, 0, longs(0)), -EINVAL);
    EQUAL(NATIVE(statxEach, d, names, 4, 0, out), -EINVAL);
    EQUAL(NATIVE(statxEach, d, names, 27, 0, out), -EINVAL);
    EQUAL(NATIVE(statxEach, d, names, -1, 0, out), -EINVAL);
    EQUAL(NATIVE(statxEach, d, NULL, 5, 0, out), -EFAULT);
    EQUAL(NATIVE(statxEach, d, names, 5, 0, NULL), -EFAULT);
    EQUAL(NATIVE(statxEach, -1, names, 5, 0, out), 1);
    EQUAL(v[0], -EBADF);

    /* As many and as long as there can be, then one more and a byte more. */
    memset(many, 'n', sizeof many);
    for (int i = 0; i <= MOST; i++) many[256 * i + 255] = 0;
    EQUAL(NATIVE(statxEach, d, bytes(many, 256 * MOST), 256 * MOST, 0, out), MOST);
    EQUAL(v[9 * (MOST - 1)], -ENOENT);
    EQUAL(NATIVE(statxEach, d, bytes(many, sizeof many), 256 * MOST + 256, 0, longs(9 * (MOST + 1))), -EINVAL);
    memset(many, 0, sizeof many);
    EQUAL(NATIVE(statxEach, d, bytes(many, MOST), MOST, 0, out), MOST);
    EQUAL(NATIVE(statxEach, d, bytes(many, MOST + 1), MOST + 1, 0, longs(9 * (MOST + 1))), -EINVAL);
    memset(many, 'n', 8192);
    EQUAL(NATIVE(statxEach, d, bytes(many, 8193), 8193, 0, out), 1);
    EQUAL(v[0], -ENAMETOOLONG);
    EQUAL(NATIVE(close, d), 0);
}

static void entries(void)
{
    enum { FILES = 300 };
    char name[32];
    int d = directory(), seen = 0, r;
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "f%d\n\xff", i);
        make(d, name, "");
    }
    jbyteArray b = room(1000);
    while ((r = NATIVE(getdents64, d, b)) > 0) {
        CHECK(r <= 1000, "getdents64 answered %d", r);
        for (int at = 0; at < r;) {
            struct dirent64 e;
            memcpy(&e, (char *)in(b) + at, (size_t)(r - at) < sizeof e ? (size_t)(r - at) : sizeof e);
            seen += e.d_name[0] == 'f' && strstr(e.d_name, "\n\xff");
            at += e.d_reclen;
        }
    }
    EQUAL(r, 0);
    EQUAL(seen, FILES);
    EQUAL(NATIVE(lseek, d, 0, SEEK_SET), 0);
    EQUAL(NATIVE(getdents64, d, room(0)), -EINVAL);
    EQUAL(NATIVE(getdents64, d, room(3)), -EINVAL);
    CHECK(NATIVE(getdents64, d, room(200000)) > 0, "a large buffer");
    EQUAL(NATIVE(getdents64, d, NULL), -EFAULT);
    EQUAL(NATIVE(getdents64, -1, b), -EBADF);
    EQUAL(NATIVE(close, d), 0);
}

static void names(void)
{
    char target[5000];
    int d = directory();
    jbyteArray b = room(8);
    make(d, "a", "a");
    make(d, "b", "b");
    EQUAL(NATIVE(renameat2, d, text("a"), d, text("b"), 1), -EEXIST);
    EQUAL(NATIVE(linkat, d, text("a"), d, text("c"), 0), 0);
    EQUAL(NATIVE(linkat, d, text("a"), d, text("c"), 0), -EEXIST);
    EQUAL(NATIVE(renameat2, d, text("a"), d, text("b"), 0), 0);
    EQUAL(NATIVE(mkdirat, d, text("sub"), 0755), 0);
    EQUAL(NATIVE(mkdirat, d, text("sub"), 0755), -EEXIST);
    EQUAL(NATIVE(unlinkat, d, text("sub"), 0), -EISDIR);
    EQUAL(NATIVE(unlinkat, d, text("sub"), AT_REMOVEDIR), 0);
    EQUAL(NATIVE(faccessat, d, text("b"), R_OK), 0);
    EQUAL(NATIVE(faccessat, d, text("sub"), R_OK), -ENOENT);
    CHECK(symlinkat("12345678", d, "link") == 0, "symlink");
    EQUAL(NATIVE(readlinkat, d, text("link"), b), 8);
    CHECK(!memcmp(in(b), "12345678", 8), "another target");
    EQUAL(NATIVE(readlinkat, d, text("link"), room(7)), -ENAMETOOLONG);
    EQUAL(NATIVE(readlinkat, d, text("link"), NULL), -EFAULT);
    EQUAL(NATIVE(readlinkat, d, text("b"), b), -EINVAL);
    memset(target, 't', sizeof target);
    target[PATH_MAX - 1] = 0;
    CHECK(symlinkat(target, d, "long") == 0, "symlink");
    EQUAL(NATIVE(readlinkat, d, text("long"), room(PATH_MAX)), PATH_MAX - 1);
    EQUAL(NATIVE(openat, d, text("link"), O_RDONLY | O_NOFOLLOW, 0), -ELOOP);
    EQUAL(NATIVE(close, d), 0);
}

static void positions(void)
{
    int d = directory(), p[2];
    make(d, "file", "0123456789");
    int f = NATIVE(openat, d, text("file"), O_RDWR, 0);
    EQUAL(NATIVE(lseek, f, -1, SEEK_SET), -EINVAL);
    EQUAL(NATIVE(lseek, f, 1LL << 40, SEEK_SET), 1LL << 40);
    EQUAL(NATIVE(lseek, f, -3, SEEK_END), 7);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0, "socketpair");
    EQUAL(NATIVE(sendfile, p[0], f, 4, 100), 6);
    EQUAL(NATIVE(sendfile, p[0], f, 10, 100), 0);
    EQUAL(NATIVE(sendfile, p[0], f, -1, 100), -EINVAL);
    EQUAL(NATIVE(sendfile, p[0], f, 0, -1), -EINVAL);
    EQUAL(NATIVE(sendfile, p[0], f, 0, INT64_MIN), -EINVAL);
    EQUAL(NATIVE(sendfile, -1, f, 0, 1), -EBADF);
    EQUAL(NATIVE(lseek, f, 0, SEEK_CUR), 7);
    EQUAL(NATIVE(close, p[1]), 0);
    EQUAL(NATIVE(sendfile, p[0], f, 0, 1), -EPIPE);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(ftruncate, f, 3), 0);
    EQUAL(NATIVE(ftruncate, f, -1), -EINVAL);
    EQUAL(NATIVE(lseek, f, 0, SEEK_END), 3);
    EQUAL(NATIVE(fchmod, f, 0600), 0);
    EQUAL(NATIVE(fchown, f, -1, -1), 0);
    if (geteuid() == 0) {
        struct stat s;
        EQUAL(NATIVE(fchown, f, -2, 4711), 0);
        CHECK(fstat(f, &s) == 0 && s.st_uid == 4294967294U && s.st_gid == 4711, "uid %u, gid %u", s.st_uid, s.st_gid);
        EQUAL(NATIVE(fchown, f, 0, -1), 0);
        CHECK(fstat(f, &s) == 0 && s.st_uid == 0 && s.st_gid == 4711, "uid %u, gid %u", s.st_uid, s.st_gid);
    }
    EQUAL(NATIVE(fsync, f), 0);
    CHECK(NATIVE(freeBytes, f) > 0, "no room at all?");
    EQUAL(NATIVE(close, f), 0);
    EQUAL(NATIVE(freeBytes, f), -EBADF);
    EQUAL(NATIVE(ftruncate, f, 3), -EBADF);
    EQUAL(NATIVE(lseek, f, 0, SEEK_CUR), -EBADF);
    EQUAL(NATIVE(fsync, f), -EBADF);
    EQUAL(NATIVE(fchmod, f, 0600), -EBADF);
    EQUAL(NATIVE(fchown, f, -1, -1), -EBADF);
    EQUAL(NATIVE(close, d), 0);
}

static void splicing(void)
{
    int d = directory(), p[2], s[2];
    make(d, "file", "");
    int f = NATIVE(openat, d, text("file"), O_WRONLY, 0), a = NATIVE(openat, d, text("file"), O_WRONLY | O_APPEND, 0);
    CHECK(pipe2(p, O_CLOEXEC | O_NONBLOCK) == 0, "pipe2");
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s) == 0, "socketpair");
    CHECK(NATIVE(setPipeSize, p[1], 1 << 17) >= 1 << 17, "a pipe of 128 KiB");
    EQUAL(NATIVE(setPipeSize, p[1], -1), -EINVAL);
    EQUAL(NATIVE(setPipeSize, f, 4096), -EBADF);
    EQUAL(NATIVE(splice, s[1], p[1], 100), -EAGAIN);
    EQUAL(NATIVE(write, s[0], text("0123456789"), 0, 10), 10);
    EQUAL(NATIVE(splice, s[1], p[1], 100), 10);
    EQUAL(NATIVE(splice, p[0], f, 4), 4);
    EQUAL(NATIVE(splice, p[0], a, 100), -EINVAL);
    EQUAL(NATIVE(splice, p[0], f, 100), 6);
    EQUAL(NATIVE(splice, p[0], f, 100), -EAGAIN);
    EQUAL(NATIVE(splice, p[0], f, -1), -EINVAL);
    EQUAL(NATIVE(splice, s[1], f, 100), -EINVAL);
    EQUAL(NATIVE(lseek, f, 0, SEEK_END), 10);
    EQUAL(NATIVE(close, s[0]), 0);
    EQUAL(NATIVE(splice, s[1], p[1], 100), 0);
    EQUAL(NATIVE(close, p[0]), 0);
    EQUAL(NATIVE(splice, -1, p[1], 1), -EBADF);
    EQUAL(NATIVE(close, p[1]), 0);
    EQUAL(NATIVE(close, s[1]), 0);
    EQUAL(NATIVE(close, f), 0);
    EQUAL(NATIVE(close, a), 0);
    EQUAL(NATIVE(close, d), 0);
}

const struct test file_tests[] = {
    { "names that are no names", bad_names, 0, NULL },
    { "openat never blocks", open_never_blocks, 0, NULL },
    { "statx and utimensat", status, 0, NULL },
    { "statx of many names", statuses, 0, NULL },
    { "getdents64", entries, 0, NULL },
    { "renameat2, linkat, mkdirat, unlinkat, readlinkat", names, 0, NULL },
    { "lseek, ftruncate, sendfile", positions, 0, NULL },
    { "splice", splicing, 0, NULL },
    { NULL, NULL, 0, NULL },
};
