/* stats.c - percentiles, failures and the end of the line that is printed. */
#include "load.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int by_value(const void *a, const void *b)
{
    double x = *(double *)a, y = *(double *)b;
    return (x > y) - (x < y);
}

void percentiles(const char *name, double *v, int n)
{
    if (!n) { printf(" %s_p50=nan", name); return; }
    qsort(v, n, sizeof *v, by_value);
#define Q(f) v[(int)((n - 1) * (f) + 0.5)]
    printf(" %s_p50=%.3f %s_p95=%.3f %s_p99=%.3f %s_max=%.3f", name, Q(.5), name, Q(.95),
           name, Q(.99), name, v[n - 1]);
}

#define NERR 16
static struct { const char *e; int n; } errs[NERR];
static int nfail;

void fail(const char *e)
{
    pthread_mutex_lock(&mu);
    nfail++;
    if (!e) e = "?";
    for (int i = 0; i < NERR; i++) {
        if (!errs[i].e) errs[i].e = e;
        if (!strcmp(errs[i].e, e)) { errs[i].n++; break; }
    }
    pthread_mutex_unlock(&mu);
}

int failures(void) { return nfail; }

void tail(double used, double own, double per)
{
    printf(" fail=%d", nfail);
    for (int i = 0; i < NERR && errs[i].e; i++) printf(" err_%s=%d", errs[i].e, errs[i].n);
    printf(" srv_cpu_ms=%.1f cli_cpu_ms=%.1f", used, own);
    if (per > 0) printf(" srv_cpu_ms_per=%.4f", used / per);
    printf("\n");
}
