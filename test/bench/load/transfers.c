/* transfers.c - large transfers in parallel sessions. */
#include "load.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD 16384       /* bytes that a record of TLS has at most, and what it has besides */
#define OVERHEAD 22
#define PATTERN (64 << 20) /* bytes of what is sent, over and over */

static const char *xpath, *local;
static char *pattern;
static char xtype;
static int anew, storing, memfd = -1;
static long long xsize, got[MAXTH];
static double x_first, x_last, c_last;

static long long size_of(struct sess *s, const char *path)
{
    if (cmd(s, "SIZE %s", path) == 213) return atoll(s->line + 4);
    return 0;
}

/* Download: returns bytes, or -1.  The bytes are looked at only when lines are counted or contents are compared. */
long long pull(struct sess *s, const char *verb, const char *path, long long *lines)
{
    static __thread char *b;
    int d = data_open(s), lf = -1, said = 0;
    long long n = 0;
    ssize_t r;
    SSL *t = 0;
    if (d < 0) return -1;
    if (*path) cmd(s, "%s %s", verb, path); else cmd(s, "%s", verb);
    if (s->code != 150 && s->code != 125) { if (!s->err) s->err = "no150"; close(d); return -1; }
    if (!b) b = malloc(512 * 1024);
    if (s->ssl) {
        t = tls_data(s, d);
        if (s->err) { tls_end(t); finish(s, d); return -1; }
    }
    if (local) lf = open(local, O_RDONLY);
    if (lf < 0 && !lines && (!t || s->whole))
        while ((r = recv(d, b, 1 << 20, MSG_TRUNC)) > 0) {         /* nothing is copied */
            n += r;
            if (t && !said && n >= s->whole + s->whole / RECORD * OVERHEAD) said = SSL_shutdown(t) == 0; /* vsftpd waits for it */
        }
    else
        while ((r = t ? SSL_read(t, b, 256 * 1024) : recv(d, b, 256 * 1024, 0)) > 0) {
            if (lf >= 0 && (pread(lf, b + 256 * 1024, r, n) != r || memcmp(b, b + 256 * 1024, r)))
                s->err = "content";
            if (lines) for (ssize_t i = 0; i < r; i++) *lines += b[i] == '\n';
            n += r;
        }
    if (lf >= 0) close(lf);
    if (r < 0) s->err = "data";
    if (t) {
        if (s->whole) { if (n < s->whole) s->err = "short"; n = s->whole; }
        if (!said) SSL_shutdown(t);
        tls_end(t);
    }
    return finish(s, d) || s->err ? -1 : n;
}

int finish(struct sess *s, int d)
{
    close(d);
    int c = reply(s);
    if (c != 226 && c != 250) { if (!s->err) s->err = "no226"; return -1; }
    return 0;
}

static long long push(struct sess *s, const char *path)
{
    int d = data_open(s);
    long long n = 0;
    if (d < 0) return -1;
    if (cmd(s, "STOR %s", path) != 150 && s->code != 125) {
        if (!s->err) s->err = "no150";
        close(d);
        return -1;
    }
    if (s->ssl) {
        SSL *t = tls_data(s, d);
        if (!s->err) tls_send(s, t, pattern, PATTERN, n = xsize);
        tls_end(t);
    }
    while (n < xsize) {
        off_t o = n % PATTERN;
        size_t w = PATTERN - o;
        if ((long long)w > xsize - n) w = xsize - n;
        ssize_t r = sendfile(d, memfd, &o, w);
        if (r <= 0) { s->err = "data"; break; }
        n += r;
    }
    return finish(s, d) || s->err ? -1 : n;
}

static void *xfer_fn(void *x)
{
    long i = (long)x;
    struct sess s;
    int ok = s_open(&s, 0) == 0 && cmd(&s, "TYPE %c", xtype) == 200;
    if (ok && s.ssl && !storing && !local) s.whole = size_of(&s, xpath);
    pthread_barrier_wait(&bar);
    pthread_barrier_wait(&bar2);
    if (ok) {
        char p[512];
        if (storing) { snprintf(p, sizeof p, "%s.%ld", xpath, i); got[i] = push(&s, p); }
        else for (int n = 0; n < opt.rounds && got[i] >= 0; n++) {
            long long more = pull(&s, "RETR", xpath, 0);
            got[i] = more < 0 ? more : got[i] + more;
        }
    }
    double t = now();
    pthread_mutex_lock(&mu);
    if (t > x_last) { x_last = t; c_last = cpu_ms(); }
    pthread_mutex_unlock(&mu);
    if (ok && storing) {
        if (got[i] >= 0 && xtype == 'I' && cmd(&s, "SIZE %s.%ld", xpath, i) == 213
            && atoll(s.line + 4) != xsize) { s.err = "size"; got[i] = -1; }
        cmd(&s, "DELE %s.%ld", xpath, i);
    }
    __atomic_add_fetch(&anew, s.anew, __ATOMIC_RELAXED);
    if (!ok || got[i] < 0) fail(s.err ? s.err : "login");
    else cmd(&s, "QUIT");
    s_close(&s);
    return 0;
}

static void xfer(int n)
{
    double c0, o0, tot = 0;
    pthread_barrier_init(&bar, 0, n + 1);
    pthread_barrier_init(&bar2, 0, n + 1);
    spawn(n, xfer_fn);
    pthread_barrier_wait(&bar);                 /* all are logged in */
    usleep(opt.settle * 1000);                  /* what the server does behind a login is not the transfer's */
    c0 = cpu_ms(); o0 = own_ms();
    x_first = now();
    pthread_barrier_wait(&bar2);
    for (int i = 0; i < n; i++) pthread_join(th[i], 0);
    for (int i = 0; i < n; i++) if (got[i] > 0) tot += got[i];
    double el = (x_last - x_first) / 1e3;
    printf("%s type=%c sessions=%d bytes=%.0f secs=%.4f MBps=%.1f", storing ? "stor" : "retr", xtype, n, tot, el, tot / 1e6 / el);
    if (opt.tls) printf(" anew=%d", anew);
    tail(c_last - c0, own_ms() - o0, tot / 1e9); /* per = CPU ms for each GB */
}

void do_retr(const char *path, int streams, char type, const char *compare)
{
    xpath = path; xtype = type; local = compare;
    xfer(streams);
}

/* What is sent: noise, or for A lines of 0 to 127 characters, ended with CR LF. */
static void fill(char *b)
{
    unsigned x = 1, left = 40;
    for (int i = 0; i < PATTERN; i++) {
        x = x * 1664525u + 1013904223u;
        if (xtype != 'A') b[i] = x >> 24;
        else if (left) { b[i] = ' ' + (x >> 24) % 95; left--; }
        else if (i + 1 < PATTERN) { b[i++] = '\r'; b[i] = '\n'; left = x >> 25; }
        else b[i] = 'x';
    }
}

void do_stor(const char *path, long long size, int streams, char type)
{
    storing = 1; xpath = path; xsize = size; xtype = type;
    memfd = memfd_create("ftpload", MFD_CLOEXEC);
    char *b = malloc(PATTERN);
    fill(b);
    if (write(memfd, b, PATTERN) != PATTERN) { perror("memfd"); exit(2); }
    pattern = b;
    xfer(streams);
}
