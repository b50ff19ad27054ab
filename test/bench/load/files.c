/* files.c - many small files in one session, and listings. */
#include "load.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int begin(struct sess *s, char type)
{
    if (s_open(s, 0) || cmd(s, "TYPE %c", type) != 200) { fail(s->err); return -1; }
    usleep(opt.settle * 1000);
    return 0;
}

static void told(const char *what, double ms, double cpu, double own, int anew)
{
    printf("%s n=%d secs=%.4f files_per_s=%.1f", what, nt, ms / 1e3, nt * 1e3 / ms);
    if (opt.tls) printf(" anew=%d", anew);
    double *v = column(2);
    percentiles("file", v, nt);
    free(v);
    tail(cpu, own, nt);
}

void do_small(const char *path, int n, double maxs)
{
    struct sess s;
    room(n);
    if (begin(&s, 'I')) n = 0;
    double c0 = cpu_ms(), o0 = own_ms(), t0 = now();
    for (int i = 0; i < n && now() - t0 < maxs * 1e3; i++) {
        struct tim t = { 0 };
        double a = now();
        s.err = 0;
        if (pull(&s, "RETR", path, 0) < 0) {
            fail(s.err);
            if (s.code < 0) break;
        } else { t.sess = now() - a; record(&t); }
    }
    told("small", now() - t0, cpu_ms() - c0, own_ms() - o0, s.anew);
    s_close(&s);
}

static int put(struct sess *s, const char *dir, int i, const char *b, int size)
{
    int d = data_open(s);
    if (d < 0) return -1;
    if (cmd(s, "STOR %s/%d", dir, i) != 150 && s->code != 125) { if (!s->err) s->err = "no150"; close(d); return -1; }
    if (s->ssl) {
        SSL *t = tls_data(s, d);
        if (!s->err) tls_send(s, t, b, size, size);
        tls_end(t);
    } else if (send(d, b, size, MSG_NOSIGNAL) != size) s->err = "data";
    return finish(s, d) || s->err ? -1 : 0;
}

void do_puts(const char *dir, int n, int size, double maxs)
{
    struct sess s;
    char *b = malloc(size);
    int sent = 0;
    memset(b, 'x', size);
    room(n);
    if (begin(&s, 'I')) n = 0;
    double c0 = cpu_ms(), o0 = own_ms(), t0 = now();
    for (; sent < n && now() - t0 < maxs * 1e3; sent++) {
        struct tim t = { 0 };
        double a = now();
        s.err = 0;
        if (put(&s, dir, sent, b, size)) {
            fail(s.err);
            if (s.code < 0) break;
        } else { t.sess = now() - a; record(&t); }
    }
    told("puts", now() - t0, cpu_ms() - c0, own_ms() - o0, s.anew);
    for (int i = 0; i < sent && s.code >= 0; i++) cmd(&s, "DELE %s/%d", dir, i);
    s_close(&s);
    free(b);
}

void do_list(const char *verb, const char *path)
{
    struct sess s;
    long long lines = 0, n;
    if (begin(&s, 'A')) { printf("list"); tail(0, 0, 0); return; }
    double c0 = cpu_ms(), o0 = own_ms(), t0 = now();
    n = pull(&s, verb, path, &lines);
    double el = (now() - t0) / 1e3, c1 = cpu_ms();
    if (n < 0) fail(s.err);
    printf("list verb=%s secs=%.4f bytes=%lld lines=%lld peak_kib=%.0f", verb, el, n, lines, peak_kib());
    tail(c1 - c0, own_ms() - o0, 1);
    if (n >= 0) cmd(&s, "QUIT");
    s_close(&s);
}
