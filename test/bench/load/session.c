/* session.c - a client's control and data connections, on the loopback. */
#include "load.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int tcp(int p, const char **err)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(p) };
    struct timeval tv = { opt.timeout, 0 };
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    inet_pton(AF_INET, opt.host, &a.sin_addr);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (void *)&a, sizeof a) < 0) {
        *err = errno == ECONNREFUSED ? "refused" : errno == EINPROGRESS ? "conn_timeout" : "connect";
        close(fd);
        return -1;
    }
    return fd;
}

int reply(struct sess *s)
{
    int n = 0, first = 0;
    for (;;) {
        if (s->pos == s->len) {
            ssize_t r = s->ssl ? SSL_read(s->ssl, s->buf, sizeof s->buf) : recv(s->fd, s->buf, sizeof s->buf, 0);
            if (r <= 0) {
                s->err = r == 0 ? "eof" : errno == EAGAIN ? "timeout" : "reset";
                return s->code = -1;
            }
            s->pos = 0; s->len = r;
        }
        char c = s->buf[s->pos++];
        if (c != '\n') { if (n < (int)sizeof s->line - 1) s->line[n++] = c; continue; }
        if (n && s->line[n - 1] == '\r') n--;
        s->line[n] = 0; n = 0;
        int isrep = isdigit((unsigned char)s->line[0]) && isdigit((unsigned char)s->line[1])
            && isdigit((unsigned char)s->line[2]);
        int code = isrep ? atoi(s->line) : 0;
        if (isrep && s->line[3] != '-' && (!first || code == first)) return s->code = code;
        if (!first) { if (!isrep) { s->err = "garbage"; return s->code = -1; } first = code; }
    }
}

int cmd(struct sess *s, const char *fmt, ...)
{
    char b[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(b, sizeof b - 2, fmt, ap);
    va_end(ap);
    memcpy(b + n, "\r\n", 2);
    if ((s->ssl ? SSL_write(s->ssl, b, n + 2) : send(s->fd, b, n + 2, MSG_NOSIGNAL)) != n + 2) { s->err = "send"; return s->code = -1; }
    return reply(s);
}

int s_greet(struct sess *s, struct tim *t)
{
    double t0 = now();
    s->len = s->pos = 0; s->err = 0; s->ssl = 0; s->whole = 0; s->anew = 0;
    if ((s->fd = tcp(opt.port, &s->err)) < 0) return -1;
    t->connected = now();
    if (reply(s) != 220) { if (!s->err) s->err = s->code == 421 ? "421" : "no220"; return -1; }
    t->greet = now() - t0;
    return 0;
}

int s_open(struct sess *s, struct tim *t)
{
    struct tim dummy;
    double t0 = now(), t1;
    if (!t) t = &dummy;
    if (s_greet(s, t)) return -1;
    if (opt.tls && tls_begin(s)) return -1;
    int c = cmd(s, "USER %s", opt.user);
    t1 = now();
    if (c == 331) c = cmd(s, "PASS %s", opt.pass);
    if (c != 230) { if (!s->err) s->err = s->code == 421 ? "421" : "no230"; return -1; }
    t->auth = now() - t1;
    t->login = now() - t0;
    return opt.tls ? tls_protect(s) : 0;
}

void s_close(struct sess *s)
{
    tls_end(s->ssl);
    s->ssl = 0;
    if (s->fd >= 0) close(s->fd);
    s->fd = -1;
}

int session(struct tim *t, const char **err, int wait_eof)
{
    struct sess s;
    double t0 = now();
    int ok = s_open(&s, t) == 0 && cmd(&s, "PWD") == 257 && cmd(&s, "QUIT") == 221;
    t->sess = now() - t0;
    if (ok && wait_eof) { char c[64]; while ((s.ssl ? SSL_read(s.ssl, c, sizeof c) : recv(s.fd, c, sizeof c, 0)) > 0) ; }
    t->eof = now() - t0;
    if (!ok) *err = s.err ? s.err : "badcode";
    s_close(&s);
    return ok ? 0 : -1;
}

int data_open(struct sess *s)
{
    int p = -1, h[6];
    if (opt.epsv) {
        char *q;
        if (cmd(s, "EPSV") == 229 && (q = strstr(s->line, "|||"))) p = atoi(q + 3);
    } else if (cmd(s, "PASV") == 227) {
        char *q = s->line + 3;
        while (*q && !isdigit((unsigned char)*q)) q++;
        if (sscanf(q, "%d,%d,%d,%d,%d,%d", h, h + 1, h + 2, h + 3, h + 4, h + 5) == 6)
            p = h[4] * 256 + h[5];
    }
    if (p <= 0) { if (!s->err) s->err = "nopasv"; return -1; }
    return tcp(p, &s->err);
}

