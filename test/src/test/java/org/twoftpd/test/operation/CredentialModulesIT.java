package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;

/**
 * Credential modules that an administrator writes run behind the monitor's kernel filter. Each does
 * what a program in its language ordinarily does, ends with status 4 where something fails, and
 * accepts carol.
 */
class CredentialModulesIT {
  private static final int UID = 64161;

  /** A language: the command that prints its interpreter's path, and a module in it. */
  enum Language {
    SHELL(
        "command -v sh",
        """
        set -eu
        trap 'exit 4' EXIT
        cd "$CVM_TEST_DIRECTORY"
        request=$(mktemp "$PWD/request.XXXXXX")
        cat >"$request"
        length=$(od -An -tu1 -j1 -N1 "$request")
        mkdir -p dir
        printf 'b\\na\\n' | sort >dir/sorted
        cp -p dir/sorted dir/copy && ln -s copy dir/link && mv dir/copy dir/moved && ls -lR . >dir/list
        ( flock -n 9 ) 9>dir/lock
        sleep 0.1 & wait $!
        timeout 5 true
        nice true
        kill -0 $$
        find dir -type f -exec touch {} +
        [ "$(cat <<HERE
        $(id -u)
        HERE
        )" = 0 ]
        getent hosts localhost >/dev/null
        rm -r dir
        trap - EXIT
        printf '\\000'
        head -c $((length + 2)) "$request" | tail -c $((length + 1))
        cat facts
        """),
    PERL(
        "command -v perl",
        """
        use strict; use Socket; use Fcntl qw(:DEFAULT :flock); use IO::Socket::INET; use IO::Socket::UNIX; use IO::Select;
        use POSIX (); use Sys::Hostname;
        $SIG{__DIE__} = sub { warn @_; POSIX::_exit(4) };
        chdir $ENV{CVM_TEST_DIRECTORY} or die;
        my $request = do { local $/; <STDIN> };
        my $length = ord substr $request, 1, 1;
        sysopen my $f, 'perl.file', O_RDWR | O_CREAT | O_EXCL, 0600 or die; flock $f, LOCK_EX or die;
        print $f 'x'; truncate $f, 0 or die; close $f;
        chmod 0640, 'perl.file' or die; utime 1, 1, 'perl.file' or die; rename 'perl.file', 'perl.other' or die;
        unlink 'perl.other' or die; mkdir 'perl.d' or die; opendir my $d, '.' or die; my @all = readdir $d; rmdir 'perl.d' or die;
        my $pid = fork; die unless defined $pid; exit 3 unless $pid; waitpid $pid, 0; die unless $? >> 8 == 3;
        die unless `echo hello` eq "hello\\n";
        eval { local $SIG{__DIE__}; local $SIG{ALRM} = sub { die "late\\n" }; alarm 1; sleep 30 }; die unless $@ eq "late\\n";
        my $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die;
        my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $l->sockport, Timeout => 5) or die;
        my $s = $l->accept or die; print $s "x"; $s->flush; die unless IO::Select->new($c)->can_read(5);
        my $u = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => 9, Proto => 'udp') or die;
        # As PAM with auditing: without netlink, and content with that after this answer alone.
        die if socket my $audit, 16, SOCK_RAW, 9; die unless $! == POSIX::EAFNOSUPPORT;
        my $n = IO::Socket::UNIX->new(Local => 'perl.socket', Listen => 1) or die; unlink 'perl.socket';
        die unless (getpwuid 0)[0] eq 'root' && crypt('a', '$6$salt$') && hostname() && gethostbyname 'localhost';
        open my $in, '<', 'facts' or die; binmode $in; binmode STDOUT; local $/;
        print "\\0", substr($request, 1, $length + 1), <$in>;
        """),
    PYTHON(
        "python3 -c 'import sys; print(sys.executable)'",
        """
        import errno, os, sys, socket, subprocess, threading, tempfile, fcntl, select, signal, time, sqlite3, hashlib, shutil
        import concurrent.futures, pwd, random, logging, logging.handlers, json, ssl, ctypes, queue, multiprocessing
        try:
            os.chdir(os.environ['CVM_TEST_DIRECTORY'])
            request = sys.stdin.buffer.read()
            length = request[1]
            with tempfile.TemporaryDirectory(dir='.') as d:
                with open(d + '/a', 'wb') as f:
                    fcntl.flock(f, fcntl.LOCK_EX); fcntl.lockf(f, fcntl.LOCK_EX); f.write(b'x'); f.flush(); os.fsync(f.fileno())
                shutil.copy2(d + '/a', d + '/b'); os.replace(d + '/b', d + '/c'); os.symlink('c', d + '/l'); os.listdir(d)
                db = sqlite3.connect(d + '/db'); db.execute('pragma journal_mode=wal'); db.execute('create table t (a)')
                db.execute('insert into t values (1)'); db.commit(); db.close()
            assert subprocess.run(['/bin/echo', 'hello'], capture_output=True, timeout=5).stdout == b'hello\\n'
            assert subprocess.run('exit 3', shell=True, start_new_session=True).returncode == 3
            with concurrent.futures.ThreadPoolExecutor() as e:
                assert list(e.map(lambda x: x + 1, range(9)))[8] == 9
            listener = socket.create_server(('127.0.0.1', 0))
            client = socket.create_connection(listener.getsockname(), timeout=5)
            server, _ = listener.accept(); server.sendall(b'x'); client.shutdown(socket.SHUT_WR)
            p = select.epoll(); p.register(client, select.EPOLLIN); assert p.poll(5); assert select.select([client], [], [], 5)[0]
            socket.getaddrinfo('localhost', 80); socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))
            try:
                socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9); assert False
            except OSError as e:
                assert e.errno == errno.EAFNOSUPPORT
            one, other = multiprocessing.Pipe(); child = multiprocessing.get_context('fork').Process(target=other.send, args=(1,))
            child.start(); assert one.recv() == 1; child.join()
            signal.setitimer(signal.ITIMER_REAL, 5); signal.setitimer(signal.ITIMER_REAL, 0)
            assert pwd.getpwuid(0).pw_name == 'root' and hashlib.scrypt(b'a', salt=b'b', n=2, r=1, p=1)
            ssl.create_default_context()
            time.sleep(0.01)
            facts = open('facts', 'rb').read()
            sys.stdout.buffer.write(b'\\0' + request[1:length + 2] + facts)
        except BaseException:
            import traceback; traceback.print_exc()
            sys.exit(4)
        """);

    final String interpreter;
    final String module;

    Language(String interpreter, String module) {
      this.interpreter = interpreter;
      this.module = module;
    }
  }

  private static String interpreter(Language language) throws Exception {
    Process p = new ProcessBuilder("sh", "-c", language.interpreter).start();
    String path = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    assertTrue(p.waitFor(20, TimeUnit.SECONDS) && p.exitValue() == 0, language + ": " + path);
    return path;
  }

  /** The facts of a reply: user name, uid, gid and directory, and the zero byte that ends them. */
  private static byte[] facts(Path home) {
    ByteArrayOutputStream facts = new ByteArrayOutputStream();
    String[] values = {"carol", "" + UID, "" + UID, home.toString()};
    int[] numbers = {1, 2, 3, 5};
    for (int i = 0; i < numbers.length; i++) {
      facts.write(numbers[i]);
      facts.write(values[i].length());
      facts.writeBytes(values[i].getBytes(StandardCharsets.US_ASCII));
    }
    facts.write(0);
    return facts.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void aProgramDoesWhatProgramsDo(Language language) throws Exception {
    ChainOptions o = Chain.options();
    Path home = Files.createDirectory(o.directory().resolve("carol"));
    Files.setAttribute(home, "unix:uid", UID);
    Path work = Files.createDirectory(o.directory().resolve("work"));
    Files.write(work.resolve("facts"), facts(home));
    Path module = o.directory().resolve("module");
    Files.writeString(module, "#!" + interpreter(language) + "\n" + language.module);
    Files.setPosixFilePermissions(module, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Chain chain =
            o.with("--cvm", "cvm-command:" + module)
                .set("CVM_TEST_DIRECTORY", work.toString())
                .start();
        Dialogue d = chain.connect()) {
      d.expect(331, "USER carol");
      d.expect(230, "PASS pw");
    }
  }

  /** Debian's package cvm has the credential modules of the original twoftpd; they work too. */
  @Test
  void debiansModulesWork() throws IOException {
    assertTrue(Files.exists(Path.of("/usr/bin/cvm-pwfile")), "Debian's package cvm is needed");
    ChainOptions o = Chain.options();
    Path users = o.directory().resolve("pwfile");
    Path home = o.directory().resolve("carol");
    Files.createDirectory(home);
    Files.writeString(users, "carol:$1$benchslt$PLACE:64160:64160::" + home + ":/bin/sh\n");
    String hash = run("openssl", "passwd", "-1", "-salt", "benchslt", "pw-carol").trim();
    Files.writeString(users, "carol:" + hash + ":64160:64160::" + home + ":/bin/sh\n");
    Files.setAttribute(home, "unix:uid", 64160);
    try (Chain chain =
            o.with("--cvm", "cvm-command:/usr/bin/cvm-pwfile")
                .set("CVM_PWFILE_PATH", users.toString())
                .set("CVM_PWFILE_PWCMP", "crypt")
                .start();
        Dialogue d = chain.connect()) {
      d.expect(331, "USER carol");
      d.expect(530, "PASS wrong");
      d.expect(331, "USER carol");
      d.expect(230, "PASS pw-carol");
      d.store("STOR x", new byte[3]);
      d.expect(221, "QUIT");
    }
  }

  private static String run(String... command) throws IOException {
    Process p = new ProcessBuilder(command).start();
    return new String(
        p.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
  }
}
