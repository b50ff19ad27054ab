"""Measures that the load generator does not do by itself."""
import os, shutil, statistics, subprocess, time
import jvm
from place import ACCOUNT, PASSWORD
from servers import Server


def mirror(bench, server):
    to = bench.place.home + '/mirrored'
    before = time.monotonic()
    r = subprocess.run(['lftp', '--norc', '-c', 'set net:timeout 20; set net:max-retries 1; set cmd:fail-exit yes; open -u %s,%s 127.0.0.1:%d; mirror tree %s'
                        % (ACCOUNT, PASSWORD, server.port, to)], capture_output=True, text=True, timeout=150)
    secs = time.monotonic() - before
    files = sum(len(f) for _, _, f in os.walk(to))
    shutil.rmtree(to, ignore_errors=True)
    if r.returncode or files != bench.place.tree_files:
        return {'error': 'lftp: status %d, %d files of %d; %s' % (r.returncode, files, bench.place.tree_files, r.stderr.strip()[-200:])}
    return {'secs': secs}


def demand(bench, server):
    """Logins at a service that keeps no spares, against a warm one, in turn."""
    cold = bench.other('no spares', SPARES=0)
    n = 5 if bench.quick else 10
    cold.quiet()
    without = cold.load('login', n, 60, 200)
    server.quiet()
    warm = server.load('login', n, 60, 200)
    if 'auth_p50' not in without or 'auth_p50' not in warm:
        return {'error': str(without) + str(warm)}
    return {'more_ms': without['auth_p50'] - warm['auth_p50'], 'without_ms': without['auth_p50'], 'warm_ms': warm['auth_p50']}


def empties(bench, server):
    """Sessions a second, then empty mains started and reaped, 8 at a time each."""
    secs = 2 if bench.quick else 4
    rate = server.load('rate', 8, secs)
    server.quiet()
    return {'sessions_per_s': rate['per_s'], 'empties_per_s': jvm.rate(bench.empty(), 8, secs), 'fail': rate['fail']}


def session(bench, server):
    a, b = jvm.compare(bench.place.layout, bench.empty(), 7 if bench.quick else 21)
    return {'session_ms': statistics.median(c for c, _ in a), 'empty_ms': statistics.median(c for c, _ in b)}


def service(bench, server):
    """PSS of a service that nobody uses; of ours with four spares, and with nothing else running that shares its pages."""
    if server.name != 'twoftpd':
        return {'pss_kib': pss(server)}
    return idle_service(bench, 'off')


def tls_service(bench, server):
    """The same with TLS, after some logins over it."""
    return idle_service(bench, 'on', '-S') if server.name == 'twoftpd' else {'pss_kib': pss(server)}


def idle_service(bench, tls, *options):
    bench.stop_own()
    alone = Server(bench.place, 'twoftpd', {'SPARES': 4, 'TLS': tls})
    try:
        alone.load(*options, 'login', 3, 60, 200)
        time.sleep(2)
        alone.quiet()
        return {'pss_kib': pss(alone)}
    finally:
        alone.stop()


def first(bench, server):
    """The first GiB over TLS that a server sends, soon after its start."""
    fresh = Server(bench.place, server.name)
    try:
        fresh.quiet()
        return fresh.load('-S', 'retr', 'big', 1)
    finally:
        fresh.stop()


def greetings(bench, server):
    """Plain clients that read the greeting and go, with nothing beside them and beside 4 downloads over TLS."""
    n = 40 if bench.quick else 150
    alone = server.load('greet', n, 60, 20)
    transfers = server.begin('-S', '-n', 1000, 'retr', 'big', 4)
    time.sleep(1.5)
    beside = server.load('greet', n, 60, 20)
    transfers.kill()
    transfers.communicate()
    if 'greet_p99' not in alone or 'greet_p99' not in beside:
        return {'error': str(alone) + str(beside)}
    return {'alone_p99': alone['greet_p99'], 'beside_p99': beside['greet_p99'], 'alone_p50': alone['greet_p50'],
            'beside_p50': beside['greet_p50'], 'fail': alone['fail'] + beside['fail']}


def pss(server):
    """KiB, of the server's own processes: not of the script that starts ours."""
    total = 0.0
    for pid in server.group.processes():
        with open('/proc/%d/comm' % pid) as f:
            if f.read().strip() in ('bash', 'try', 'tail', 'sleep'):
                continue
        with open('/proc/%d/smaps_rollup' % pid) as f:
            total += next(float(line.split()[1]) for line in f if line.startswith('Pss:'))
    return total
