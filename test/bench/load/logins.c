/* logins.c - measures that log in: one after the other, as fast as it goes, many at once, and idle ones. */
#include "load.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

pthread_t th[MAXTH];
pthread_barrier_t bar, bar2;
pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
struct tim *times;
int nt;
static int capacity;
static double t_end, t_go;

void spawn(int n, void *(*fn)(void *))
{
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 256 * 1024);
    for (long i = 0; i < n; i++)
        if (pthread_create(th + i, &a, fn, (void *)i)) { perror("pthread_create"); exit(2); }
}

void room(int n)
{
    capacity = n;
    times = calloc(n, sizeof *times);
    if (!times) { perror("calloc"); exit(2); }
}

void record(const struct tim *t)
{
    pthread_mutex_lock(&mu);
    if (nt < capacity) times[nt++] = *t;
    pthread_mutex_unlock(&mu);
}

double *column(int field)
{
    double *v = calloc(nt + 1, sizeof *v);
    for (int i = 0; i < nt; i++) {
        const struct tim *t = times + i;
        v[i] = field == 0 ? t->greet : field == 1 ? t->auth : field == 2 ? t->sess : field == 3 ? t->eof : field == 4 ? t->connected : t->login;
    }
    return v;
}

static void column_percentiles(const char *name, int field)
{
    double *v = column(field);
    percentiles(name, v, nt);
    free(v);
}

/* Every single value, so that percentiles can be taken over repetitions. */
static void values(const char *name, int field)
{
    double *v = column(field);
    printf(" %s_all=", name);
    for (int i = 0; i < nt; i++) printf("%s%.3f", i ? "," : "", v[i]);
    free(v);
}

void do_login(int n, double maxs, int pause_ms)
{
    room(n);
    double c0 = cpu_ms(), o0 = own_ms(), t0 = now();
    for (int i = 0; i < n && now() - t0 < maxs * 1e3; i++) {
        struct tim t = { 0 };
        const char *e = 0;
        if (session(&t, &e, 1)) fail(e); else record(&t);
        usleep(pause_ms * 1000);
    }
    printf("login n=%d secs=%.3f", nt, (now() - t0) / 1e3);
    column_percentiles("greet", 0);
    column_percentiles("auth", 1);
    column_percentiles("sess", 2);
    column_percentiles("eof", 3);
    column_percentiles("login", 5);
    values("greet", 0);
    values("auth", 1);
    values("login", 5);
    usleep(opt.settle * 1000);
    tail(cpu_ms() - c0, own_ms() - o0, nt);
}

void do_greet(int n, double maxs, int pause_ms)
{
    room(n);
    double c0 = cpu_ms(), o0 = own_ms(), t0 = now();
    for (int i = 0; i < n && now() - t0 < maxs * 1e3; i++) {
        struct sess s;
        struct tim t = { 0 };
        if (s_greet(&s, &t)) fail(s.err); else record(&t);
        s_close(&s);
        usleep(pause_ms * 1000);
    }
    printf("greet n=%d secs=%.3f", nt, (now() - t0) / 1e3);
    column_percentiles("greet", 0);
    values("greet", 0);
    tail(cpu_ms() - c0, own_ms() - o0, nt);
}

static void *rate_fn(void *x)
{
    (void)x;
    while (now() < t_end) {
        struct tim t = { 0 };
        const char *e = 0;
        if (session(&t, &e, 0)) { fail(e); usleep(2000); } else record(&t);
    }
    return 0;
}

void do_rate(int c, double secs)
{
    room(1000000);
    double c0 = cpu_ms(), o0 = own_ms(), t0 = now();
    t_end = t0 + secs * 1e3;
    spawn(c, rate_fn);
    for (int i = 0; i < c; i++) pthread_join(th[i], 0);
    double el = (now() - t0) / 1e3;
    printf("rate workers=%d secs=%.3f sessions=%d per_s=%.2f", c, el, nt, nt / el);
    column_percentiles("greet", 0);
    column_percentiles("auth", 1);
    column_percentiles("sess", 2);
    usleep(opt.settle * 1000);
    tail(cpu_ms() - c0, own_ms() - o0, nt);
}

static void *burst_fn(void *x)
{
    struct sess s;
    struct tim t = { 0 };
    (void)x;
    s.fd = -1; s.ssl = 0;
    pthread_barrier_wait(&bar);
    int ok = s_open(&s, &t) == 0;
    t.sess = now() - t_go;
    if (ok) record(&t); else fail(s.err);
    pthread_barrier_wait(&bar2);
    if (ok) cmd(&s, "QUIT");
    s_close(&s);
    return 0;
}

/*
 * How far logins overtook each other: times[] is in the order of logging in; of every one, how many places it is from
 * where it stood in the order of connecting.  The mean over all, in parts of the number of clients: 0 is in order, a
 * third is what chance gives.
 */
static double unfairness(void)
{
    double sum = 0;
    for (int i = 0; i < nt; i++) {
        int place = 0;
        for (int j = 0; j < nt; j++) place += times[j].connected < times[i].connected;
        sum += abs(place - i);
    }
    return nt ? sum / nt / nt : 0;
}

void do_burst(int k)
{
    room(k);
    pthread_barrier_init(&bar, 0, k + 1);
    pthread_barrier_init(&bar2, 0, k + 1);
    spawn(k, burst_fn);
    usleep(100000);
    double c0 = cpu_ms(), o0 = own_ms();
    t_go = now();
    pthread_barrier_wait(&bar);
    pthread_barrier_wait(&bar2);
    double c1 = cpu_ms(), all = now() - t_go;
    for (int i = 0; i < k; i++) pthread_join(th[i], 0);
    printf("burst k=%d logged_in=%d lost=%d wall_ms=%.1f login_cpu_ms=%.1f disorder=%.3f", k, nt, k - nt, all, c1 - c0, unfairness());
    column_percentiles("in", 2);
    column_percentiles("greet", 0);
    column_percentiles("auth", 1);
    usleep(opt.settle * 1000);
    tail(cpu_ms() - c0, own_ms() - o0, nt);
}

void do_idle(int k, int settle)
{
    struct sess *s = calloc(k, sizeof *s);
    int ok = 0;
    struct mem a = memory(), b;
    double t0 = now(), o0 = own_ms();
    for (int i = 0; i < k; i++) {
        if (s_open(s + ok, 0)) { fail(s[ok].err); s_close(s + ok); } else ok++;
    }
    double el = now() - t0;
    usleep(settle * 1000);
    double c0 = cpu_ms();
    usleep(1000 * 1000);
    double idle_cpu = cpu_ms() - c0;
    b = memory();
    printf("idle k=%d open_ms=%.1f base_procs=%d base_rss_kib=%.0f base_pss_kib=%.0f", ok, el, a.procs, a.rss, a.pss);
    if (ok) printf(" rss_kib=%.1f pss_kib=%.1f procs_per=%.2f threads_per=%.2f idle_cpu_ms_per_s=%.3f", (b.rss - a.rss) / ok,
                   (b.pss - a.pss) / ok, (double)(b.procs - a.procs) / ok, (double)(b.threads - a.threads) / ok, idle_cpu);
    tail(idle_cpu, own_ms() - o0, 0);
    for (int i = 0; i < ok; i++) { cmd(s + i, "QUIT"); s_close(s + i); }
}
