/* load.h - what the parts of the load generator share: a client's session, the server's costs, statistics. */
#ifndef LOAD_H
#define LOAD_H
#define _GNU_SOURCE
#include <pthread.h>
#include <openssl/ssl.h>

/* Options of the command line; ftpload.c sets them before anything else runs. */
struct options {
    const char *host, *user, *pass;
    const char *cpufile, *procsfile;  /* cgroup: v1 cpuacct.usage or v2 cpu.stat; cgroup.procs */
    int port, timeout;                /* seconds */
    int epsv, pid, uid;               /* uid: whose processes' peak memory is told */
    int settle;                       /* milliseconds between logging in and measuring */
    int rounds;                       /* transfers of each session, one after another */
    int tls;                          /* TLS 1.3 on control and data connections */
};
extern struct options opt;

/* session.c: one client's connections.  err names what went wrong; code is the last reply's, or -1; whole is
 * the size of what a RETR over TLS brings, when it is not decrypted; anew counts data connections that did not resume. */
struct sess { int fd, len, pos; SSL *ssl; long long whole; int anew; char buf[2048], line[1024]; const char *err; int code; double connected; };
struct tim { double greet, auth, sess, eof, connected, login; }; /* ms */

double now(void);                                   /* ms, monotonic */
int reply(struct sess *s);                          /* one whole reply; its last line is in s->line */
int cmd(struct sess *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int s_greet(struct sess *s, struct tim *t);         /* connect .. 220 */
int s_open(struct sess *s, struct tim *t);          /* connect .. 230; 0 when logged in */
void s_close(struct sess *s);
int session(struct tim *t, const char **err, int wait_eof); /* a whole one; 0 when all replies were right */
int data_open(struct sess *s);                      /* PASV or EPSV, and the connection */

/* tls.c: TLS by OpenSSL, in the client's part; each returns 0 when it went well and sets err else. */
int tls_begin(struct sess *s);                      /* AUTH TLS and a full handshake, on a control connection that was greeted */
int tls_protect(struct sess *s);                    /* PBSZ and PROT, once logged in */
SSL *tls_data(struct sess *s, int d);               /* of a data connection, which asks to resume the control connection's session */
int tls_send(struct sess *s, SSL *t, const char *b, long long size, long long all); /* b over and over, then close_notify */
void tls_end(SSL *t);

/* costs.c: what the server's processes use */
struct mem { double rss, pss; int procs, threads; }; /* KiB */
double cpu_ms(void);
double own_ms(void);
struct mem memory(void);
double peak_kib(void);                              /* the sum of VmHWM of opt.uid's processes */

/* stats.c */
int by_value(const void *a, const void *b);
void percentiles(const char *name, double *v, int n);
void fail(const char *e);
int failures(void);
void tail(double used, double own, double per);     /* ends the line; used: the server's CPU, ms */

/* threads and their times (logins.c) */
#define MAXTH 2048
extern pthread_t th[MAXTH];
extern pthread_barrier_t bar, bar2;
extern pthread_mutex_t mu;
extern struct tim *times;
extern int nt;
void room(int n);
void record(const struct tim *t);
void spawn(int n, void *(*fn)(void *));
double *column(int field);                          /* 0 greet, 1 auth, 2 sess, 3 eof, 4 connected, 5 login */

void do_login(int n, double maxs, int pause_ms);
void do_greet(int n, double maxs, int pause_ms);
void do_rate(int c, double secs);
void do_burst(int k);
void do_idle(int k, int settle);

/* transfers.c, files.c */
void do_retr(const char *path, int streams, char type, const char *local);
void do_stor(const char *path, long long size, int streams, char type);
long long pull(struct sess *s, const char *verb, const char *path, long long *lines);
int finish(struct sess *s, int d);
void do_small(const char *path, int n, double maxs);
void do_puts(const char *dir, int n, int size, double maxs);
void do_list(const char *verb, const char *path);
#endif
