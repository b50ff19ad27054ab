/*
 * What an attacker would try who took a role over as root, before it dropped anything and without its kernel filter.  This
 * program is put in the place of a launcher, so that it starts as the role does and has the role's domain: only SELinux stands
 * in its way.  User ids and capabilities would let each attack through, so it must end with EACCES.
 *
 * Its name is the role's.  It prints on descriptor 2 which attacks went through, which harmless calls did not, and how many of
 * each there were.  It is trusted to change nothing but files named "attack".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MONITOR = 1, GATE = 2, SESSION = 4, CVM = 8, ALL = 15 };
enum what { READ, LIST, CREATE, APPEND, CHMOD, EXEC, UNIX, SIGNAL, SOCKET, BIND, CONNECT, ENTER };

static const struct deed {
    enum what what;
    const char *path;
    int number;
    int refused, allowed; /* by which roles it must be refused, and to which it must be allowed */
} deeds[] = {
    { READ, "/etc/shadow", 0, ALL, 0 },
    { READ, "/etc/twoftpd/users", 0, ALL & ~CVM, 0 },
    { READ, "/etc/twoftpd/twoftpd.conf", 0, GATE | SESSION | CVM, MONITOR },
    { READ, "/etc/twoftpd/tls/self-signed.pem", 0, GATE | SESSION | CVM, MONITOR },
    { READ, "/etc/letsencrypt/live/ftp.example.org/privkey.pem", 0, GATE | SESSION | CVM, MONITOR },
    { READ, "/etc/passwd", 0, GATE | SESSION, MONITOR | CVM },
    { READ, "/srv/ftp/hello", 0, ALL & ~SESSION, SESSION },
    { LIST, "/srv/twoftpd", 0, ALL & ~SESSION, SESSION },
    { LIST, "/root", 0, ALL, 0 },
    { LIST, "/home", 0, ALL, 0 },
    { CREATE, "/srv/twoftpd/attack", 0, ALL & ~SESSION, SESSION },
    { CREATE, "/srv/ftp/in/attack", 0, ALL, 0 },
    { CREATE, "/srv/ftp/attack", 0, ALL, 0 },
    { CREATE, "/tmp/attack", 0, ALL, 0 },
    { CREATE, "/run/attack", 0, ALL, 0 },
    { CREATE, "/run/twoftpd/attack", 0, ALL, 0 },
    { CREATE, "/var/attack", 0, ALL, 0 },
    { CREATE, "/root/attack", 0, ALL, 0 },
    { APPEND, "/var/log/xferlog", 0, ALL & ~MONITOR, MONITOR },
    { APPEND, "/var/log/wtmp", 0, ALL, 0 },
    { CHMOD, "/var/log/xferlog", 0600, ALL, 0 },
    { EXEC, "/bin/sh", 0, ALL, 0 },
    { EXEC, "/usr/bin/id", 0, ALL, 0 },
    { EXEC, "/usr/lib/twoftpd/runtime/bin/twoftpd-who", 0, ALL, 0 },
    { EXEC, "/usr/lib/twoftpd/runtime/bin/twoftpd-session", 0, ALL & ~MONITOR, 0 },
    { UNIX, "/run/twoftpd/cvm", 0, GATE | SESSION, MONITOR },
    { UNIX, "/run/twoftpd/who", 0, GATE | SESSION | CVM, 0 },
    { UNIX, "/run/dbus/system_bus_socket", 0, ALL, 0 },
    { SIGNAL, "init", SIGURG, ALL, 0 },
    { SOCKET, "TCP", SOCK_STREAM, GATE | CVM, MONITOR | SESSION },
    { SOCKET, "UDP", SOCK_DGRAM, ALL & ~MONITOR, MONITOR },
    { BIND, "port 22", 22, ALL, 0 },
    { BIND, "port 20", 20, ALL & ~MONITOR, MONITOR },
    { BIND, "port 40000", 40000, GATE | CVM, MONITOR | SESSION },
    { CONNECT, "port 22", 22, ALL, 0 },
    { CONNECT, "port 110", 110, ALL, 0 },
    { ENTER, "/run/twoftpd/empty", 0, 0, GATE },
};

static int result(int r) { return r < 0 ? errno : 0; }

static int opened(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);
    if (fd < 0) return errno;
    close(fd);
    return 0;
}

static int tcp(int port, int (*call)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), r, one = 1;
    if (fd < 0) return errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    r = result(call(fd, (struct sockaddr *)&a, sizeof a));
    close(fd);
    return r;
}

static int unix_connect(const char *path)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0), r;
    if (fd < 0) return errno;
    strncpy(a.sun_path, path, sizeof a.sun_path - 1);
    r = result(connect(fd, (struct sockaddr *)&a, sizeof a));
    close(fd);
    return r;
}

static int dgram_or_stream(int type)
{
    int fd = socket(AF_INET, type, 0);
    if (fd < 0) return errno;
    close(fd);
    return 0;
}

static int bind_to(int fd, const struct sockaddr *a, socklen_t n) { return bind(fd, a, n); }
static int connect_to(int fd, const struct sockaddr *a, socklen_t n) { return connect(fd, a, n); }

static int attempt(const struct deed *d)
{
    char *const arguments[] = { (char *)"x", NULL };
    switch (d->what) {
    case READ: return opened(d->path, O_RDONLY);
    case LIST: return opened(d->path, O_RDONLY | O_DIRECTORY);
    case CREATE: return opened(d->path, O_WRONLY | O_CREAT);
    case APPEND: return opened(d->path, O_WRONLY | O_APPEND);
    case CHMOD: return result(chmod(d->path, (mode_t)d->number));
    case EXEC: return result(execve(d->path, arguments, arguments + 1));
    case UNIX: return unix_connect(d->path);
    case SIGNAL: return result(kill(1, d->number)); /* one that it ignores */
    case SOCKET: return dgram_or_stream(d->number);
    case BIND: return tcp(d->number, bind_to);
    case CONNECT: return tcp(d->number, connect_to);
    case ENTER: return result(chdir(d->path));
    }
    return -1;
}

int main(int argc, char **argv)
{
    static const char *const kinds[] = { "read", "list", "create", "append to", "chmod", "execute", "connect to", "signal",
                                         "make a socket for", "bind", "connect to", "enter" };
    static const struct { const char *name; int role; } roles[] = {
        { "twoftpd-monitor", MONITOR }, { "twoftpd-gate", GATE }, { "twoftpd-session", SESSION }, { "twoftpd-cvm", CVM } };
    const char *name = argc > 0 ? strrchr(argv[0], '/') : NULL;
    int role = 0, refused = 0, done = 0, wrong = 0;
    name = name ? name + 1 : argc > 0 ? argv[0] : "";
    for (unsigned i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strcmp(name, roles[i].name)) role = roles[i].role;
    for (unsigned i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        const struct deed *d = &deeds[i];
        if (!((d->refused | d->allowed) & role)) continue;
        int r = attempt(d);
        if (d->refused & role) {
            refused++;
            if (r == EACCES) continue;
            dprintf(2, "attack %s: %s %s: %s\n", name, kinds[d->what], d->path, r ? strerror(r) : "went through");
        } else {
            done++;
            if (r == 0) continue;
            dprintf(2, "attack %s: may not %s %s: %s\n", name, kinds[d->what], d->path, strerror(r));
        }
        wrong++;
    }
    dprintf(2, "attack %s: %d attacks, %d harmless deeds, %d wrong\n", name, refused, done, wrong);
    return wrong != 0 || role == 0;
}
