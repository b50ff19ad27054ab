/* ftpload.c - a light FTP load generator for measuring servers side by side, on the loopback.
 *
 *   ftpload [-h HOST] [-p PORT] [-u USER] [-w PASS] [-t IO_TIMEOUT_S] [-T TOTAL_S] [-s SETTLE_MS] [-e] [-n ROUNDS]
 *           [-S] [-P SERVER_PID] [-g CPU_FILE] [-G CGROUP_PROCS] [-U UID] CMD ...
 *
 *   login N [MAXS [PAUSE_MS]]  N sequential sessions (at most MAXS seconds, 60), with so long
 *                         a pause behind each (0): connect 220 USER PASS 230 PWD QUIT
 *   rate C T              C workers doing such sessions for T seconds
 *   burst K               K sessions opened at once; time until all are logged in, and in what order
 *   retr PATH S [I|A] [LOCALFILE]  S parallel sessions RETR PATH, each ROUNDS times (1); LOCALFILE: compare content
 *   stor PATH MIB S [I|A] S parallel sessions STOR PATH.0.. of MIB mebibytes, from memory;
 *                         then SIZE is compared (I) and the files are deleted
 *   small PATH N [MAXS]   N RETRs of PATH in one session, a new PASV for each
 *   puts DIR N SIZE [MAXS]  N STORs of SIZE bytes in one session, a new PASV for each; then deletes them
 *   list VERB PATH        VERB (LIST, NLST, MLSD) of PATH in one session
 *   idle K [SETTLE_MS]    K logged-in idle sessions: memory per session
 *   quote CMD...          log in, send each CMD, print the replies
 *
 * Prints one line of key=value. Latencies in ms, MB = 1e6 bytes.
 *   greet N [MAXS [PAUSE_MS]]  N sequential connections that read the greeting and end: connect 220
 *
 * -S: TLS 1.3 on control and data connections (AUTH TLS, PROT P); data connections ask to resume the control connection's
 * session, and anew= tells how many did not.  -e uses EPSV rather than PASV.  -s: how long to wait after logging in before a
 * transfer is measured (500), since a server may do work behind a login.  Server CPU comes from -g (cgroup v1 cpuacct.usage or v2 cpu.stat; counts exited
 * processes too), else from -P (tree of the pid in /proc, 10 ms ticks, misses children that were auto-reaped).
 * Memory: the processes in -G (a cgroup.procs file), else the tree of -P; -U: peak_kib is of that user's processes.
 * RETR discards with recv(MSG_TRUNC) and STOR sends with sendfile from a memfd, so the client costs the server's machine
 * little.  Over TLS, RETR does not decrypt what it discards, unless there is a LOCALFILE, and takes the size that the server
 * tells; STOR encrypts by OpenSSL.
 */
#include "load.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options opt = { .host = "127.0.0.1", .user = "benchuser", .pass = "benchpass", .port = 21, .timeout = 30, .settle = 500, .rounds = 1 };

static int argc;
static char **argv;

static char *arg(int i)
{
    if (i < argc) return argv[i];
    fprintf(stderr, "ftpload: missing argument; see the head of ftpload.c\n");
    exit(2);
}

static int num(int i, int max)
{
    int v = atoi(arg(i));
    if (v >= 1 && v <= max) return v;
    fprintf(stderr, "ftpload: %s: 1 to %d is allowed\n", argv[i], max);
    exit(2);
}

static double seconds(int i) { return argc > i ? atof(argv[i]) : 60; }

static void do_quote(void)
{
    struct sess s;
    if (s_open(&s, 0)) { printf("%s\n", s.err); return; }
    printf("%s\n", s.line);
    for (int i = 1; i < argc; i++) {
        int code = cmd(&s, "%s", argv[i]);
        printf("> %s\n%d\n%s\n", argv[i], code, s.line);
    }
    s_close(&s);
}

static void on_alarm(int sig)
{
    static const char m[] = "\nerror=total_timeout\n";
    (void)sig;
    if (write(1, m, sizeof m - 1) < 0) _exit(4);
    _exit(3);
}

static int run(const char *c)
{
    if (!strcmp(c, "login")) do_login(num(1, 1000000), seconds(2), argc > 3 ? num(3, 10000) : 0);
    else if (!strcmp(c, "greet")) do_greet(num(1, 1000000), seconds(2), argc > 3 ? num(3, 10000) : 0);
    else if (!strcmp(c, "rate")) do_rate(num(1, MAXTH), num(2, 3600));
    else if (!strcmp(c, "burst")) do_burst(num(1, MAXTH));
    else if (!strcmp(c, "retr")) do_retr(arg(1), num(2, MAXTH), argc > 3 ? argv[3][0] : 'I', argc > 4 ? argv[4] : 0);
    else if (!strcmp(c, "stor")) do_stor(arg(1), (long long)num(2, 65536) << 20, num(3, MAXTH), argc > 4 ? argv[4][0] : 'I');
    else if (!strcmp(c, "small")) do_small(arg(1), num(2, 1000000), seconds(3));
    else if (!strcmp(c, "puts")) do_puts(arg(1), num(2, 1000000), num(3, 1 << 20), seconds(4));
    else if (!strcmp(c, "list")) do_list(arg(1), argc > 2 ? argv[2] : "");
    else if (!strcmp(c, "idle")) do_idle(num(1, MAXTH), argc > 2 ? num(2, 60000) : 1000);
    else if (!strcmp(c, "quote")) do_quote();
    else { fprintf(stderr, "ftpload: unknown command %s\n", c); return 2; }
    fflush(stdout);
    return failures() != 0;
}

int main(int n, char **v)
{
    int o, total = 300;
    while ((o = getopt(n, v, "+h:p:u:w:t:T:s:en:SP:g:G:U:")) != -1) switch (o) {
        case 'h': opt.host = optarg; break;
        case 'p': opt.port = atoi(optarg); break;
        case 'u': opt.user = optarg; break;
        case 'w': opt.pass = optarg; break;
        case 't': opt.timeout = atoi(optarg); break;
        case 'T': total = atoi(optarg); break;
        case 's': opt.settle = atoi(optarg); break;
        case 'n': opt.rounds = atoi(optarg); break;
        case 'e': opt.epsv = 1; break;
        case 'S': opt.tls = 1; break;
        case 'P': opt.pid = atoi(optarg); break;
        case 'g': opt.cpufile = optarg; break;
        case 'G': opt.procsfile = optarg; break;
        case 'U': opt.uid = atoi(optarg); break;
        default: return 2;
    }
    argc = n - optind;
    argv = v + optind;
    setvbuf(stdout, 0, _IOFBF, 1 << 16);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGALRM, on_alarm);
    alarm(total);
    return run(arg(0));
}
