"""Where a run of the benchmark takes place: packages, the built program, an account of its own, files in a tmpfs.

Runs as root, in a mount namespace of its own, so that mounts end with it whatever happens.
"""
import os, random, secrets, signal, subprocess, sys, tempfile, time

BENCH = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
# The account is the system's while it lasts.
ACCOUNT, PASSWORD, UID = 'twoftpd-bench', secrets.token_hex(8), 64191


def say(text):
    print('== ' + text, file=sys.stderr, flush=True)


def shell(script, *args):
    """A line of bash beside test/lib/build.sh; what it prints on standard output."""
    r = subprocess.run(['bash', '-c', 'set -u; . "$0"; ' + script, BENCH + '/../lib/build.sh', *args], stdout=subprocess.PIPE, text=True)
    if r.returncode:
        sys.exit(r.returncode)
    return r.stdout.strip()


class Place:
    def __init__(self, quick, listings=True):
        self.quick, self.listings = quick, listings
        self.layout = shell('tools >&2; install_packages gcc libc6-dev libssl-dev passwd openssl util-linux perl-base curl lftp apt >&2; build >&2; echo $layout')
        self.work = tempfile.mkdtemp(prefix='twoftpd-bench.', dir='/run')
        os.chmod(self.work, 0o755)
        self.home = self.work + '/home'
        self.load = self.work + '/ftpload'
        # One for all servers: the key and the certificate that test/try has made.
        self.certificate = self.layout + '/tls/self-signed.pem'
        self.account = False
        for n in signal.SIGTERM, signal.SIGHUP:  # so that what was made is removed
            signal.signal(n, lambda n, _: sys.exit(128 + n))
        try:
            self.make()
        except BaseException:
            self.remove()
            raise

    def make(self):
        load = BENCH + '/load/'
        subprocess.run(['cc', '-O2', '-Wall', '-Wextra', '-pthread', '-o', self.load] + [load + f for f in sorted(os.listdir(load)) if f.endswith('.c')] + ['-lssl', '-lcrypto'], check=True)
        os.mkdir(self.home)
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=6g,mode=755', 'tmpfs', self.home], check=True)
        # A hash that costs next to nothing, so that a login's time is the server's.
        self.hash = subprocess.run(['openssl', 'passwd', '-1', '-salt', 'benchslt', PASSWORD], check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run(['useradd', '-K', 'UID_MAX=65000', '-M', '-d', self.home, '-u', str(UID), '-s', '/bin/bash', '-p', self.hash, ACCOUNT], check=True)
        self.account = True
        self.files()

    def files(self):
        with open(self.home + '/big', 'wb') as f:
            for _ in range(256 if self.quick else 1024):
                f.write(os.urandom(1 << 20))
        with open(self.home + '/small', 'wb') as f:
            f.write(os.urandom(1024))
        chance = random.Random(1)
        lines = b''.join(b'%s\n' % bytes(chance.choices(range(32, 127), k=chance.randrange(128))) for _ in range(4096))
        with open(self.home + '/text', 'wb') as f:
            for _ in range((64 << 20) // len(lines)):
                f.write(lines)
        os.mkdir(self.home + '/up')
        if self.listings:
            self.directories()
        subprocess.run(['chown', '-R', '%s:' % ACCOUNT, self.home], check=True)

    def directories(self):
        """What is listed and mirrored: more than a hundred thousand files."""
        for name, entries in (('dir10k', 10000), ('dir100k', 100000)):
            os.mkdir('%s/%s' % (self.home, name))
            for i in range(entries):
                os.close(os.open('%s/%s/file-%06d.dat' % (self.home, name, i), os.O_CREAT | os.O_WRONLY, 0o644))
        self.tree_files = 2000 if self.quick else 10000
        for i in range(self.tree_files // 100):
            d = '%s/tree/part-%03d' % (self.home, i)
            os.makedirs(d)
            for j in range(100):
                with open('%s/file-%02d' % (d, j), 'wb') as f:
                    f.write(b'x' * (j * 41))

    def remove(self):
        if self.account:
            subprocess.run(['userdel', ACCOUNT], stderr=subprocess.DEVNULL)
        subprocess.run(['umount', self.home], stderr=subprocess.DEVNULL)
        subprocess.run(['rm', '-rf', '--one-file-system', self.work])


class Group:
    """A cgroup for one server, where one can be made, which counts what every process of it uses, those that have ended too.

    Its processes share the processors with the load generator as a group, as under systemd.  The kernel would make such
    groups by sessions (setsid(2), sched(7) on autogrouping) else, and a server of which each process has its own would
    have as many parts of the time as there are clients.
    """

    def __init__(self, name):
        self.path = self.shares = None
        shares = '/sys/fs/cgroup/cpu/twoftpd-bench-%s-%d' % (name, os.getpid())
        try:
            if os.path.realpath('/sys/fs/cgroup/cpu') != os.path.realpath('/sys/fs/cgroup/cpuacct'):
                os.mkdir(shares)
                self.shares = shares
        except OSError:
            pass  # cgroups of version 2 are one for both
        for base, usage in (('/sys/fs/cgroup/cpuacct', 'cpuacct.usage'), ('/sys/fs/cgroup', 'cpu.stat'), ('/sys/fs/cgroup/unified', 'cpu.stat')):
            path = '%s/twoftpd-bench-%s-%d' % (base, name, os.getpid())
            try:
                os.mkdir(path)
            except OSError:
                continue
            if os.path.exists(path + '/' + usage) and os.path.exists(path + '/cgroup.procs'):
                self.path, self.usage = path, path + '/' + usage
                return
            os.rmdir(path)

    def enter(self):
        for path in self.path, self.shares:
            if path:
                with open(path + '/cgroup.procs', 'w') as f:
                    f.write(str(os.getpid()))

    def processes(self):
        with open(self.path + '/cgroup.procs') as f:
            return [int(line) for line in f]

    def cpu_ms(self):
        with open(self.usage) as f:
            text = f.read()
        return float(text.split('usage_usec ')[1].split()[0]) / 1e3 if 'usage_usec' in text else float(text) / 1e6

    def options(self):
        return ['-g', self.usage, '-G', self.path + '/cgroup.procs'] if self.path else []

    def remove(self):
        for _ in range(50):
            try:
                if self.shares:
                    os.rmdir(self.shares)
                    self.shares = None
                if self.path:
                    os.rmdir(self.path)
                return
            except OSError:
                time.sleep(0.1)
        say('the cgroup %s still has processes' % self.path)
