"""The table of a run, and the comparison with what an earlier run has recorded."""
import statistics, sys

REFERENCE = ('vsftpd', 'pure-ftpd')


def number(x):
    return '-' if x is None else '%.0f' % x if abs(x) >= 100 or x == 0 else '%.1f' % x if abs(x) >= 10 else '%.2f' % x


def score(row, results):
    """What the row's target limits, from {server: [result of a repetition]}; None when something is missing."""
    own = row.figure(results.get('twoftpd', []))
    if own is None:
        return None
    if row.basis == 'value':
        return own
    if row.basis in ('ratio', 'pure-ftpd'):
        names = REFERENCE if row.basis == 'ratio' else (row.basis,)
        peers = [f for f in (row.figure(results.get(n, [])) for n in names) if f]
        if not peers:
            return None
        return own / (min(peers) if row.better == '<' else max(peers))
    other = [r[row.basis] for r in results['twoftpd'] if row.basis in r]
    return own * row.divisor / statistics.median(other)


def repetitions(row, results):
    """The score of each repetition by itself."""
    n = max((len(r) for r in results.values()), default=0)
    each = [score(row, {s: r[i:i + 1] for s, r in results.items()}) for i in range(n)]
    return [s for s in each if s is not None]


def noise(row, results):
    """How far a repetition's score strays from the run's, as a part of it; at least 0.05, and 0.15 with fewer than 3."""
    whole, each = score(row, results), repetitions(row, results)
    if not whole or len(each) < 3:
        return 0.15
    return max(0.05, statistics.median(abs(s - whole) for s in each) * 3 / whole)


def verdict(row, s):
    if row.limit is None or s is None:
        return ''
    return 'met' if (s <= row.limit if row.better == '<' else s >= row.limit) else '**missed**'


def table(rows, results, servers):
    head = ['measure', 'unit'] + list(servers) + ['ratio', 'target', '']
    lines = [head, ['---'] * len(head)]
    for row in rows:
        r = results.get(row.measure)
        if not r:
            continue
        s = score(row, r)
        target = '' if row.limit is None else '%s %g%s' % ('≤' if row.better == '<' else '≥', row.limit, '' if row.basis == 'value' else 'x')
        cells = [number(row.figure(r.get(n, []))) for n in servers]
        title = row.title
        if row.basis not in ('ratio', 'pure-ftpd', 'value'):
            title += ' (%s)' % number(statistics.median(x[row.basis] for x in r['twoftpd']))
        lines.append([title, row.unit] + cells + ['' if s is None or row.basis == 'value' else '%.2f' % s, target, verdict(row, s)])
    width = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        print('| ' + ' | '.join(c.ljust(w) if c != '---' else '-' * w for c, w in zip(line, width)) + ' |')


def read(path):
    """{row: (score, noise)} of a file that write() made."""
    recorded = {}
    try:
        with open(path) as f:
            for line in f:
                if line.strip() and not line.startswith('#'):
                    key, value, stray = line.split()
                    recorded[key] = float(value), float(stray)
    except FileNotFoundError:
        pass
    return recorded


def write(path, rows, results):
    """Puts the scores of this run into the file, and leaves those of other rows."""
    recorded = read(path)
    for row in rows:
        s = score(row, results[row.measure]) if row.measure in results else None
        if s is not None:
            recorded[row.key] = s, noise(row, results[row.measure])
    with open(path, 'w') as f:
        f.write('# What test/bench/run --record has measured: row, ratio (or figure, where the target is one), noise as a part of it.\n')
        for key in sorted(recorded):
            f.write('%s %.4g %.2f\n' % (key, *recorded[key]))


def check(path, rows, results):
    """Whether no row is worse than recorded by more than its noise, then and now; says which are."""
    recorded, bad, seen = read(path), 0, 0
    for row in rows:
        s = score(row, results[row.measure]) if row.measure in results else None
        if s is None or row.key not in recorded:
            continue
        seen += 1
        was, stray = recorded[row.key]
        stray = max(stray, noise(row, results[row.measure]))
        worst = was * (1 + stray) if row.better == '<' else was / (1 + stray)
        if s > worst if row.better == '<' else s < worst:
            bad += 1
            print('worse: %s: %.3g, recorded %.3g with a noise of %.0f %%' % (row.title, s, was, stray * 100))
    print('%d rows compared with %s, %d worse' % (seen, path, bad))
    if not seen:
        sys.exit('nothing to compare: run it with --record first')
    return bad == 0
