"""The servers that are measured, each on a port of its own on 127.0.0.1, in the foreground, with files of its own.

Debian's packages of FTP servers exclude each other, so the peers are unpacked beside the system, not installed; the
libraries that they need are installed by name.
"""
import ftplib, os, re, signal, socket, subprocess, time
from place import ACCOUNT, BENCH, PASSWORD, UID, Group, say, shell

PEERS = ('vsftpd', 'pure-ftpd', 'proftpd')
HASH = {'twoftpd': 'twoftpd-cvm', 'vsftpd': 'PAM', 'pure-ftpd': 'PureDB', 'proftpd': '/etc/shadow'}


def unpack(place, name):
    """Where a peer's package lies; None when the distribution has none."""
    package = {'pure-ftpd': 'pure-ftpd pure-ftpd-common', 'proftpd': 'proftpd-core proftpd-mod-crypto'}.get(name, name)
    root = place.layout + '/peers/' + name
    if not os.path.isdir(root):
        r = shell('''
            d=$(mktemp -d); cd "$d"; chmod 755 "$d"
            { apt-get -qq download $1 || { apt-get -qq update && apt-get -qq download $1; }; } >/dev/null 2>&1 || { rm -rf "$d"; exit 0; }
            libraries=$(for f in *.deb; do dpkg-deb -f $f Depends; done | tr ',' '\\n' | sed 's/|.*//; s/(.*//; s/ //g' | grep ^lib | sort -u)
            install_packages $libraries >&2
            mkdir -p "$2.new"; for f in *.deb; do dpkg-deb -x $f "$2.new"; done
            mv "$2.new" "$2"; rm -rf "$d"; echo done''', package, root)
        if not r:
            say('this distribution has no package %s: its column is missing' % package)
            return None
    return root


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, place, name, settings=()):
        self.place, self.name = place, name
        self.dir = '%s/%s-%d' % (place.work, name, time.monotonic_ns())
        os.mkdir(self.dir)
        self.port = free_port()
        command = twoftpd(self, settings) if name == 'twoftpd' else globals()[name.replace('-', '_')](self)
        self.group = Group(name)
        self.out = self.dir + '/out'
        with open(self.out, 'wb') as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=self.group.enter)
        for _ in range(300):
            if self.process.poll() is not None:
                break
            if self.serves():
                return
            time.sleep(0.05)
        with open(self.out) as f:
            text = f.read()
        self.stop()
        raise SystemExit('%s did not start:\n%s' % (name, text))

    def serves(self):
        """Whether somebody can log in: what checks passwords may be there later than what listens."""
        try:
            with ftplib.FTP(timeout=5) as f:
                f.connect('127.0.0.1', self.port)
                f.login(ACCOUNT, PASSWORD)
            return True
        except (OSError, EOFError, ftplib.Error):
            return False

    def begin(self, *arguments, settle=500):
        """Starts the load generator, whose line `told` takes."""
        command = [self.place.load, '-p', str(self.port), '-u', ACCOUNT, '-w', PASSWORD, '-U', str(UID), '-P', str(self.process.pid),
                   '-s', str(settle), '-t', '15', '-T', '120', *self.group.options(), *map(str, arguments)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def load(self, *arguments, settle=500):
        """One line of the load generator, as a dictionary."""
        return self.told(self.begin(*arguments, settle=settle))

    def told(self, process):
        """What a load generator that has been begun says at its end."""
        out, err = process.communicate(timeout=150)
        values = {'error': err.strip() or 'no output'} if not out.strip() else {}
        for word in out.split():
            key, _, value = word.partition('=')
            if re.fullmatch(r'-?[\d.]+', value):
                values[key] = float(value)
            elif re.fullmatch(r'[\d.,]+', value):
                values[key] = [float(v) for v in value.split(',')]
            elif value:
                values[key] = value
        return values

    def quiet(self):
        """Waits until the server does nothing, at most 5 s: what it does behind one measure is not the next one's."""
        for _ in range(20 if self.group.path else 0):
            before = self.group.cpu_ms()
            time.sleep(0.25)
            if self.group.cpu_ms() - before < 3:
                return
        if not self.group.path:
            time.sleep(1.5)

    def stop(self):
        """Ends the server's own process, and what it leaves behind."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(12)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for _ in range(20):
            left = self.group.processes() if self.group.path else []
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not left:
                break
            time.sleep(0.1)
        self.group.remove()


def twoftpd(s, settings):
    settings = {'MAX_PER_IP': 400, 'MAX_PER_USER': 400, 'MAX_CLIENTS': 400, 'SPARES': 8, **dict(settings)}
    command = [BENCH + '/../try', '--no-build', '--port', str(s.port), '--hash', '1', '--account', '%s:%s:%d:%d:%s' % (ACCOUNT, PASSWORD, UID, UID, s.place.home)]
    for name, value in settings.items():
        command += ['--set', '%s=%s' % (name, value)]
    return command


def write(path, text):
    with open(path, 'w') as f:
        f.write(text)
    return path


def vsftpd(s):
    root = unpack(s.place, 'vsftpd')
    # Its service for PAM, as the package has it, seen in this mount namespace alone.
    if not os.path.ismount('/etc/pam.d'):
        bind_pam(s.dir, root)
    os.mkdir(s.dir + '/empty')
    return [root + '/usr/sbin/vsftpd', write(s.dir + '/vsftpd.conf', '''listen=YES
listen_address=127.0.0.1
listen_port=%d
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
chroot_local_user=YES
allow_writeable_chroot=YES
pam_service_name=vsftpd
secure_chroot_dir=%s/empty
max_per_ip=0
max_clients=0
ascii_download_enable=YES
ascii_upload_enable=YES
ssl_enable=YES
force_local_logins_ssl=NO
force_local_data_ssl=NO
rsa_cert_file=%s
ssl_ciphers=HIGH
xferlog_enable=YES
xferlog_file=%s/xferlog
''' % (s.port, s.dir, s.place.certificate, s.dir))]


def bind_pam(work, root):
    subprocess.run(['cp', '-a', '/etc/pam.d', work + '/pam.d'], check=True)
    subprocess.run(['cp', root + '/etc/pam.d/vsftpd', work + '/pam.d/'], check=True)
    subprocess.run(['mount', '--bind', work + '/pam.d', '/etc/pam.d'], check=True)


def pure_ftpd(s):
    root = unpack(s.place, 'pure-ftpd')
    users = write(s.dir + '/passwd', '%s:%s:%d:%d::%s/./::::::::::::\n' % (ACCOUNT, s.place.hash, UID, UID, s.place.home))
    subprocess.run([root + '/usr/bin/pure-pw', 'mkdb', s.dir + '/users.pdb', '-f', users], check=True)
    return [root + '/usr/sbin/pure-ftpd', '-S', '127.0.0.1,%d' % s.port, '-l', 'puredb:%s/users.pdb' % s.dir, '-A', '-E', '-H', '-c', '500', '-C', '500',
            '-L', '200000:5', '-g', s.dir + '/pid', '-Y', '1', '-2', s.place.certificate]


def proftpd(s):
    root = unpack(s.place, 'proftpd')
    os.mkdir(s.dir + '/run')
    return [root + '/usr/sbin/proftpd', '-n', '-c', write(s.dir + '/proftpd.conf', '''ModulePath {root}/usr/lib/proftpd
LoadModule mod_tls.c
ServerName bench
ServerType standalone
DefaultAddress 127.0.0.1
SocketBindTight on
UseIPv6 off
Port {port}
UseReverseDNS off
MaxInstances 500
tcpBackLog 255
User nobody
Group nogroup
Umask 022
AllowOverwrite on
DefaultRoot ~
AuthOrder mod_auth_unix.c
WtmpLog off
PidFile {dir}/pid
ScoreboardFile {dir}/run/scoreboard
DelayTable {dir}/delay
TransferLog {dir}/xferlog
SystemLog {dir}/log
TLSEngine on
TLSProtocol TLSv1.2 TLSv1.3
TLSECCertificateFile {certificate}
TLSECCertificateKeyFile {certificate}
TLSLog {dir}/tls
'''.format(port=s.port, dir=s.dir, root=root, certificate=s.place.certificate))]
