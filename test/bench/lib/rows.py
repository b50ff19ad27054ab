"""The rows of the table: what is measured, how a row's figure comes from it, and what it ought to be."""
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line.  `field` is a key of what a measure returns; `better` says which way; `limit` is the target, None when it is only told.

    basis: what the target limits: 'ratio' to the better of vsftpd and pure-ftpd, 'pure-ftpd', the ratio to that one; 'value', the
    figure itself; else another field of the same measure, to which the ratio is taken.
    pooled: the percentile of all repetitions' single values, rather than the median of the repetitions' figures.
    """
    measure: str
    title: str
    unit: str
    field: str
    better: str
    limit: float | None = None
    basis: str = 'ratio'
    pooled: tuple | None = None
    divisor: float = 1

    @property
    def key(self):
        return self.measure + '.' + self.field

    def figure(self, results):
        """From the results of all repetitions; None when there is none."""
        if self.pooled:
            field, part = self.pooled
            values = sorted(v for r in results for v in (r.get(field) if isinstance(r.get(field), list) else [r[field]] if field in r else []))
            return values[int((len(values) - 1) * part + 0.5)] / self.divisor if values else None
        values = [r[self.field] for r in results if isinstance(r.get(self.field), float) and not (r.get('fail') and self.field != 'lost')]
        return statistics.median(values) / self.divisor if values else None


# Names of measures, with the load generator's arguments at full length and with --quick; None: done in measures.py.
MEASURES = {
    'calm': (('login', 30, 60, 200), ('login', 10, 60, 200)),
    'login': (('login', 12, 60), ('login', 8, 60)),
    'retr1': (('-n', 3, 'retr', 'big', 1), ('retr', 'big', 1)),
    'retr4': (('-n', 5, 'retr', 'big', 4), ('retr', 'big', 4)),
    'stor1': (('stor', 'up/x', 1024, 1), ('stor', 'up/x', 256, 1)),
    'stor4': (('stor', 'up/x', 256, 4), ('stor', 'up/x', 64, 4)),
    'retra': (('retr', 'text', 1, 'A'), None),
    'stora': (('stor', 'up/x', 64, 1, 'A'), None),
    'small': (('small', 'small', 2000, 20), ('small', 'small', 500, 20)),
    'list10k': (('list', 'LIST', 'dir10k'), None),
    'list100k': (('list', 'LIST', 'dir100k'), None),
    'mlsd10k': (('list', 'MLSD', 'dir10k'), None),
    'mlsd100k': (('list', 'MLSD', 'dir100k'), None),
    'puts': (('puts', 'up', 1000, 1024), ('puts', 'up', 300, 1024)),
    'mirror': 'mirror',
    'burst50': (('burst', 50), None),
    'burst200': (('burst', 200), None),
    'rate': (('rate', 8, 4), ('rate', 8, 2)),
    'idle': (('idle', 12, 2000), None),
    'demand': 'demand',
    'empties': 'empties',
    'session': 'session',
    'tlsretr1': (('-S', '-n', 3, 'retr', 'big', 1), ('-S', 'retr', 'big', 1)),
    'tlsretr4': (('-S', '-n', 2, 'retr', 'big', 4), ('-S', 'retr', 'big', 4)),
    'tlsstor1': (('-S', 'stor', 'up/x', 1024, 1), ('-S', 'stor', 'up/x', 256, 1)),
    'tlsstor4': (('-S', 'stor', 'up/x', 256, 4), ('-S', 'stor', 'up/x', 64, 4)),
    'tlsfirst': 'first',
    'tlslogin': (('-S', 'login', 30, 60, 200), ('-S', 'login', 10, 60, 200)),
    'tlssmall': (('-S', 'small', 'small', 2000, 20), ('-S', 'small', 'small', 500, 20)),
    'tlsgreet': 'greetings',
    'tlsidle': (('-S', 'idle', 12, 2000), None),
    'service': 'service',
    'tlsservice': 'tls_service',
}
# Measured once, after the repetitions, since they hold for themselves.
ONCE = ('session', 'service', 'tlsservice')
# Of many files.
LISTINGS = ('list10k', 'list100k', 'mlsd10k', 'mlsd100k', 'mirror')
# Of twoftpd alone.
OWN = ('demand', 'empties', 'session')

ROWS = [
    Row('calm', 'connect to 220, p50', 'ms', 'greet_p50', '<', 0.3),
    Row('calm', 'connect to 220, p99', 'ms', 'greet_p99', '<', 0.3, pooled=('greet_all', 0.99)),
    Row('calm', 'PASS to 230, a warm spare (logins 0.2 s apart), p50', 'ms', 'auth_p50', '<', 0.7),
    Row('calm', 'PASS to 230, a warm spare, p99', 'ms', 'auth_p99', '<', 1.0, pooled=('auth_all', 0.99)),
    Row('login', 'PASS to 230, 12 logins back to back, p50', 'ms', 'auth_p50', '<'),
    Row('login', 'server CPU of a session, back to back', 'ms', 'srv_cpu_ms_per', '<'),
]
for n in (1, 4):
    streams = '%d stream%s' % (n, '' if n == 1 else 's')
    ROWS += [
        Row('retr%d' % n, 'RETR binary, ' + streams, 'MB/s', 'MBps', '>', 1.0),
        Row('retr%d' % n, 'RETR binary, %s, CPU a GB' % streams, 'ms', 'srv_cpu_ms_per', '<', 1.0),
    ]
for n in (1, 4):
    streams = '%d stream%s' % (n, '' if n == 1 else 's')
    ROWS += [
        Row('stor%d' % n, 'STOR binary, ' + streams, 'MB/s', 'MBps', '>', 1.1),
        Row('stor%d' % n, 'STOR binary, %s, CPU a GB' % streams, 'ms', 'srv_cpu_ms_per', '<', 0.9),
    ]
ROWS += [
    Row('retra', 'RETR ASCII 64 MiB', 'MB/s', 'MBps', '>', 2.0),
    Row('retra', 'RETR ASCII, CPU a GB', 'ms', 'srv_cpu_ms_per', '<'),
    Row('stora', 'STOR ASCII 64 MiB', 'MB/s', 'MBps', '>', 2.0),
    Row('stora', 'STOR ASCII, CPU a GB', 'ms', 'srv_cpu_ms_per', '<'),
    Row('small', 'RETR of 1 KiB files in one session, PASV each', 'files/s', 'files_per_s', '>', 1.0, 'pure-ftpd'),
    Row('small', 'RETR of 1 KiB files, p99', 'ms', 'file_p99', '<', 1.0, 'pure-ftpd'),
    Row('small', 'RETR of 1 KiB files, CPU a file', 'ms', 'srv_cpu_ms_per', '<'),
]
for verb in ('LIST', 'MLSD'):
    for n in ('10k', '100k'):
        ROWS += [
            Row(verb.lower() + n, '%s of %s entries' % (verb, n), 'ms', 'secs', '<', 0.7, divisor=0.001),
            Row(verb.lower() + n, '%s of %s entries, CPU' % (verb, n), 'ms', 'srv_cpu_ms', '<'),
            Row(verb.lower() + n, '%s of %s entries, peak RSS of the session' % (verb, n), 'MB', 'peak_kib', '<', divisor=1e6 / 1024),
        ]
ROWS += [
    Row('puts', 'STOR of 1000 files of 1 KiB, PASV each', 'files/s', 'files_per_s', '>', 1.0),
    Row('puts', 'STOR of 1000 files, p99', 'ms', 'file_p99', '<'),
    Row('mirror', 'mirror of a tree of 10,000 files by lftp', 's', 'secs', '<', 1.0),
]
for n in (50, 200):
    ROWS += [
        Row('burst%d' % n, 'burst of %d logins: lost' % n, '', 'lost', '<', 0, 'value'),
        Row('burst%d' % n, 'burst of %d logins: all in' % n, 'ms', 'wall_ms', '<'),
        Row('burst%d' % n, 'burst of %d logins: disorder (0.33 is chance)' % n, '', 'disorder', '<', 0.1, 'value'),
    ]
ROWS += [
    Row('session', 'CPU of a session process, beside an empty main', 'ms', 'session_ms', '<', 1.4, 'empty_ms'),
    Row('demand', 'login with no spare left: longer than a warm one', 'ms', 'more_ms', '<', 45, 'value'),
    Row('rate', 'sessions a second, 8 clients', '/s', 'per_s', '>'),
    Row('empties', 'sessions a second, beside empty mains', '/s', 'sessions_per_s', '>', 0.7, 'empties_per_s'),
    Row('idle', 'idle session, PSS', 'MB', 'pss_kib', '<', 10, 'value', divisor=1e6 / 1024),
    Row('service', 'idle service (twoftpd: 4 spares), PSS', 'MB', 'pss_kib', '<', 120, 'value', divisor=1e6 / 1024),
]
for measure, what, rate, cpu in (('tlsretr', 'RETR', 1.3, 0.9), ('tlsstor', 'STOR', 1.3, 0.8)):
    for n in (1, 4):
        streams = '%d stream%s' % (n, '' if n == 1 else 's')
        ROWS += [
            Row('%s%d' % (measure, n), 'TLS: %s, %s' % (what, streams), 'MB/s', 'MBps', '>', rate),
            Row('%s%d' % (measure, n), 'TLS: %s, %s, CPU a GB' % (what, streams), 'ms', 'srv_cpu_ms_per', '<', cpu),
        ]
ROWS += [
    Row('tlsfirst', 'TLS: the first GiB after a start', 'MB/s', 'MBps', '>', 1.0),
    Row('tlsfirst', 'TLS: the first GiB after a start, CPU', 'ms', 'srv_cpu_ms_per', '<'),
    Row('tlslogin', 'TLS: connect to 230, full handshake, p50', 'ms', 'login_p50', '<', 0.8),
    Row('tlslogin', 'TLS: PASS to 230, p50', 'ms', 'auth_p50', '<'),
    Row('tlssmall', 'TLS: RETR of 1 KiB files in one session, each resumed', 'files/s', 'files_per_s', '>', 1.0),
    Row('tlssmall', 'TLS: RETR of 1 KiB files, CPU a file', 'ms', 'srv_cpu_ms_per', '<'),
    Row('tlsgreet', 'connect to 220 beside 4 transfers over TLS, p99, to without', 'ms', 'beside_p99', '<', 1.2, 'alone_p99'),
    Row('tlsgreet', 'connect to 220 beside 4 transfers over TLS, p99', 'ms', 'beside_p99', '<'),
    Row('tlsidle', 'TLS: idle session, gate and session, PSS', 'MB', 'pss_kib', '<', 10.5, 'value', divisor=1e6 / 1024),
    Row('tlsservice', 'idle service with TLS (twoftpd: 4 spares), PSS', 'MB', 'pss_kib', '<', 135, 'value', divisor=1e6 / 1024),
]
