/* costs.c - the server's CPU time and memory: of a cgroup, else of a process and its descendants. */
#include "load.h"
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int tree(int root, int *out, int max)
{
    static int pid[65536], pp[65536];
    static char in[65536];
    int n = 0, k = 0, again;
    DIR *d = opendir("/proc");
    struct dirent *e;
    while (d && (e = readdir(d)) && n < 65536) {
        char p[64], b[512], *q;
        if (!isdigit((unsigned char)e->d_name[0])) continue;
        snprintf(p, sizeof p, "/proc/%.16s/stat", e->d_name);
        FILE *f = fopen(p, "r");
        if (!f) continue;
        size_t r = fread(b, 1, sizeof b - 1, f);
        fclose(f); b[r] = 0;
        if (!(q = strrchr(b, ')'))) continue;
        pid[n] = atoi(e->d_name); pp[n] = atoi(q + 4); in[n] = pid[n] == root; n++;
    }
    if (d) closedir(d);
    do {
        again = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; !in[i] && j < n; j++)
                if (in[j] && pid[j] == pp[i]) in[i] = again = 1;
    } while (again);
    for (int i = 0; i < n && k < max; i++) if (in[i]) out[k++] = pid[i];
    return k;
}

static int procs(int *out, int max)
{
    int n = 0;
    if (!opt.procsfile) return opt.pid ? tree(opt.pid, out, max) : 0;
    FILE *f = fopen(opt.procsfile, "r");
    while (f && n < max && fscanf(f, "%d", out + n) == 1) n++;
    if (f) fclose(f);
    return n;
}

double cpu_ms(void)
{
    char b[512];
    if (opt.cpufile) {
        FILE *f = fopen(opt.cpufile, "r");
        if (!f) return 0;
        size_t r = fread(b, 1, sizeof b - 1, f);
        fclose(f); b[r] = 0;
        char *q = strstr(b, "usage_usec");
        return q ? atof(q + 10) / 1e3 : atof(b) / 1e6;
    }
    static int p[4096];
    int n = procs(p, 4096);
    double t = 0;
    for (int i = 0; i < n; i++) {
        unsigned long u, s; long cu, cs;
        snprintf(b, sizeof b, "/proc/%d/stat", p[i]);
        FILE *f = fopen(b, "r");
        if (!f) continue;
        size_t r = fread(b, 1, sizeof b - 1, f);
        fclose(f); b[r] = 0;
        char *q = strrchr(b, ')');
        if (q && sscanf(q + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld",
                        &u, &s, &cu, &cs) == 4)
            t += (u + s + cu + cs) * 1000.0 / sysconf(_SC_CLK_TCK);
    }
    return t;
}

double own_ms(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_utime.tv_sec * 1e3 + r.ru_utime.tv_usec / 1e3
        + r.ru_stime.tv_sec * 1e3 + r.ru_stime.tv_usec / 1e3;
}

struct mem memory(void)
{
    static int p[4096];
    struct mem m = { 0 };
    char b[256];
    int n = procs(p, 4096);
    for (int i = 0; i < n; i++) {
        snprintf(b, sizeof b, "/proc/%d/smaps_rollup", p[i]);
        FILE *f = fopen(b, "r");
        if (!f) continue;
        m.procs++;
        while (fgets(b, sizeof b, f)) {
            double v;
            if (sscanf(b, "Rss: %lf", &v) == 1) m.rss += v;
            else if (sscanf(b, "Pss: %lf", &v) == 1) m.pss += v;
        }
        fclose(f);
        snprintf(b, sizeof b, "/proc/%d/task", p[i]);
        DIR *d = opendir(b);
        struct dirent *e;
        while (d && (e = readdir(d))) if (e->d_name[0] != '.') m.threads++;
        if (d) closedir(d);
    }
    return m;
}


double peak_kib(void)
{
    static int p[4096];
    double sum = 0;
    int n = procs(p, 4096);
    for (int i = 0; i < n; i++) {
        char b[256];
        double v, peak = 0;
        int uid = -1;
        snprintf(b, sizeof b, "/proc/%d/status", p[i]);
        FILE *f = fopen(b, "r");
        if (!f) continue;
        while (fgets(b, sizeof b, f)) {
            if (sscanf(b, "Uid: %*d %d", &uid) == 1) continue;
            if (sscanf(b, "VmHWM: %lf", &v) == 1) peak = v;
        }
        fclose(f);
        if (uid == opt.uid) sum += peak;
    }
    return sum;
}
