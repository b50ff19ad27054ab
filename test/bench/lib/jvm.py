"""Plays the monitor for a session process, and starts empty Java mains on the same run-time image beside it."""
import os, socket, subprocess, sys, time
from place import shell

ENV = {'MALLOC_ARENA_MAX': '1', 'LC_ALL': 'C.UTF-8'}


# The program's own classes make the message, so that it has whatever a session is told.
FRAME = """
import org.twoftpd.shared.config.*;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.*;

public class Frame {
  public static void main(String[] a) {
    byte[] none = {}, loopback = {127, 0, 0, 1};
    SessionOptions options = SessionOptions.defaults(Table.XFER).with(SessionOption.TIMEOUT, 60);
    System.out.writeBytes(Codec.encode(new SessionMessage.Assignment("bench".getBytes(), none, 64190, 64190, new int[0],
        a[0].getBytes(), Table.XFER, options, new Endpoint(loopback, 9, 0), new Endpoint(loopback, 21, 0), true, none, 0)));
    System.out.flush();
  }
}
"""


def assignment(layout, work, home):
    """What the monitor sends a session that is to serve a user of the benchmark in a directory."""
    tools = shell('find_jdk; echo $JAVA_HOME/bin/')
    with open(work + '/Frame.java', 'w') as f:
        f.write(FRAME)
    path = layout + '/home/jars/twoftpd-shared.jar'
    return subprocess.run([tools + 'java', '-cp', path, work + '/Frame.java', home], check=True, capture_output=True).stdout


def used(pid):
    _, status, r = os.wait4(pid, 0)
    if status:
        sys.exit('a process ended with status %d' % status)
    return (r.ru_utime + r.ru_stime) * 1e3, r.ru_maxrss / 1024


def start(command, stdin):
    return os.posix_spawn(command[0], command, ENV, file_actions=[(os.POSIX_SPAWN_DUP2, stdin, 0)])


def session(command, assigned):
    ours, theirs = socket.socketpair()
    pid = start(command, theirs.fileno())
    theirs.close()
    if not ours.recv(64):
        sys.exit('the session did not get ready')
    client, served = socket.socketpair()
    served.setblocking(False)
    socket.send_fds(ours, [assigned], [served.fileno()])
    served.close()
    f = client.makefile('rwb')
    assert f.readline().startswith(b'230'), 'no 230'
    for verb, code in ((b'PWD', b'257'), (b'QUIT', b'221')):
        f.write(verb + b'\r\n')
        f.flush()
        assert f.readline().startswith(code)
    return used(pid)


def empty_main(layout, work):
    """The command of an empty main, with the flags of a session and a cache of its own."""
    java, tools = layout + '/home/runtime/bin/', shell('find_jdk; echo $JAVA_HOME/bin/')
    with open(work + '/Empty.java', 'w') as f:
        f.write('public class Empty { public static void main(String[] a) {} }')
    subprocess.run([tools + 'javac', '-d', work, work + '/Empty.java'], check=True)
    subprocess.run([tools + 'jar', 'cf', work + '/empty.jar', '-C', work, 'Empty.class'], check=True)
    with open(layout + '/session.args') as f:
        flags = [a for a in f.read().split('\n') if a.startswith(('-XX', '-Xm', '-Xs'))]
    run = flags + ['-cp', work + '/empty.jar', 'Empty']
    conf, cache = work + '/conf', work + '/cache'
    for mode in (['-XX:AOTMode=record', '-XX:AOTConfiguration=' + conf], ['-XX:AOTMode=create', '-XX:AOTConfiguration=' + conf, '-XX:AOTCache=' + cache]):
        subprocess.run([java + 'java'] + mode + run, check=True, capture_output=True)
    return [java + 'java', '-XX:AOTCache=' + cache] + run


def compare(layout, empty, runs):
    """[(CPU in ms, peak RSS in MB)] of a whole session process and of the empty main, in turn."""
    work = os.path.dirname(empty[-2])
    home = work + '/session-home'
    os.makedirs(home, exist_ok=True)
    os.chown(home, 64190, 64190)
    with open(layout + '/session.args') as f:
        command = [layout + '/home/runtime/bin/java', '-XX:AOTCache=%s/home/cache/session.aot' % layout] + f.read().split()
    assigned = assignment(layout, work, home)
    null = os.open('/dev/null', os.O_RDWR)
    a, b = [], []
    groups = os.getgroups()
    os.setgroups([])  # as the monitor does, which this stands for
    for i in range(runs + 1):
        x, y = session(command, assigned), used(start(empty, null))
        if i:  # the first of each warms up
            a.append(x)
            b.append(y)
    os.setgroups(groups)
    os.close(null)
    return a, b


def rate(command, at_once, seconds):
    """How many processes a second can be started and reaped."""
    null = os.open('/dev/null', os.O_RDWR)
    running, done, begin = set(), 0, time.monotonic()
    while running or time.monotonic() - begin < seconds:
        while len(running) < at_once and time.monotonic() - begin < seconds:
            running.add(start(command, null))
        if not running:
            break
        pid = running.pop()
        os.waitpid(pid, 0)
        done += 1
    os.close(null)
    return done / (time.monotonic() - begin)
