/*
 * For tests only: a session, a gate, a credential module or a monitor that is taken over.  It confines itself exactly as the product does, with the
 * product's own code, and then is somebody else's: it tries one system call after the other that it should not get.
 */
package org.twoftpd.session.selftest;

import java.nio.charset.StandardCharsets;
import org.twoftpd.cvm.HardenedModule;
import org.twoftpd.monitor.HardenedMonitor;
import org.twoftpd.session.confine.Confinement;
import org.twoftpd.session.confine.Preload;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.SessionMessage;

/**
 * Arguments: the attack library; gate, a table, TLS for XFER over TLS, cvm, monitor, or none; uid;
 * home; the victim's pid; a port; and which attacks, with commas, where it is not to be all, or
 * which not, behind a minus.
 */
@SuppressWarnings("restricted")
public final class Intruder {
  private static volatile String not = "";

  private Intruder() {}

  private static native void aim(int pid, int port);

  private static native void useLine(int fd);

  private static native String name(int attack);

  private static native int attack(int attack);

  /** One line for each attack: the thread, the attack, 0 or the negative error number. */
  public static void main(String[] a) throws Exception {
    System.load(a[0]);
    Native.load();
    aim(Integer.parseInt(a[4]), Integer.parseInt(a[5]));
    // A thread from before everything: what holds must hold for it as well.
    Object confined = new Object();
    Thread bystander = new Thread(() -> waitAndAttack(confined));
    int uid = Integer.parseInt(a[2]);
    byte[] home = a[3].getBytes(StandardCharsets.UTF_8);
    if (a[1].equals("none")) {
      // The user without our confinement. Never all attacks: some would succeed for good.
      must(Native.chdir(home));
      must(Native.setgroups(new int[0]));
      must(Native.setresgid(uid, uid, uid));
      must(Native.setresuid(uid, uid, uid));
      only(a[6]);
    }
    not = a.length > 6 ? a[6].substring(1) : "";
    synchronized (confined) {
      bystander.start();
      // Until it waits, so that it takes nothing more from the class path later.
      while (bystander.getState() != Thread.State.BLOCKED) {
        Thread.sleep(1);
      }
      confine(a[1], uid, home);
      if (a.length > 6 && !a[6].startsWith("-")) {
        only(a[6]);
      }
      all("main");
    }
    bystander.join();
    Runtime.getRuntime().halt(0);
  }

  private static void confine(String role, int uid, byte[] home) throws Exception {
    switch (role) {
      case "gate" -> {
        Preload.loadGateClasses();
        Confinement.confineGate(uid, uid, home, 64, true);
      }
      case "cvm" -> {
        must(Native.chdir(home));
        HardenedModule.enter(uid);
      }
      case "monitor" -> {
        must(Native.chdir(home));
        HardenedMonitor.enter();
      }
      default -> {
        boolean tls = role.equals("TLS");
        Preload.loadSessionClasses();
        SessionMessage.Assignment assignment =
            ConfinementProof.makeAssignment(tls ? Table.XFER : Table.valueOf(role), uid, home, 0);
        Confinement.prepareSpare();
        int[] line = {-1, -1};
        if (tls) {
          must(Native.dataPair(line));
          useLine(line[0]);
        }
        Confinement.confineSession(assignment, line[0]);
      }
    }
  }

  private static void waitAndAttack(Object confined) {
    synchronized (confined) {
      all("bystander");
    }
  }

  private static void all(String thread) {
    for (int i = 0; name(i + 1) != null; i++) {
      if (!isOneOf(i, not)) {
        say(thread, i);
      }
    }
  }

  private static void only(String what) {
    for (int i = 0; name(i) != null; i++) {
      if (isOneOf(i, what)) {
        say("main", i);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static boolean isOneOf(int attack, String names) {
    return ",".concat(names).concat(",").contains(",".concat(name(attack)).concat(","));
  }

  private static void must(int result) {
    if (result < 0) {
      throw new IllegalStateException("" + result);
    }
  }

  private static void say(String thread, int i) {
    byte[] line =
        thread
            .concat(" ")
            .concat(name(i))
            .concat(" ")
            .concat(Integer.toString(attack(i)))
            .concat("\n")
            .getBytes(StandardCharsets.US_ASCII);
    Native.write(1, line, 0, line.length);
  }
}
