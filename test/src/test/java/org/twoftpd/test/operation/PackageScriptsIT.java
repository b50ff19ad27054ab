package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twoftpd.test.harness.Checkout;

/**
 * What the packages' scripts do as root. They run in a mount namespace of their own, and the
 * programs that they find only note how they were called.
 */
class PackageScriptsIT {
  private static final List<String> PROGRAMS =
      List.of(
          "selinuxenabled",
          "semodule",
          "restorecon",
          "chown",
          "systemctl",
          "systemd-sysusers",
          "systemd-tmpfiles",
          "deb-systemd-helper",
          "deb-systemd-invoke",
          "twoftpd-monitor");

  /** Runs a script and returns the calls of one program. */
  private static List<String> calls(String program, String script, String... arguments)
      throws Exception {
    return calls(script, arguments).stream().filter(l -> l.startsWith(program + " ")).toList();
  }

  /** Runs a script and returns all calls, in their order. */
  private static List<String> calls(String script, String[] arguments) throws Exception {
    Path top = Checkout.top();
    Path programs = Files.createTempDirectory("twoftpd-scripts");
    Path log = Files.createFile(programs.resolve("log"));
    for (String p : PROGRAMS) {
      Path stub =
          Files.writeString(programs.resolve(p), "#!/bin/sh\necho " + p + " \"$@\" >>" + log);
      Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Process process =
        new ProcessBuilder(
                "unshare",
                "-m",
                "sh",
                "-ec",
                "for d in /etc /srv /run; do mount -t tmpfs -o mode=755 tmpfs $d; done;"
                    + " mkdir -p /etc/twoftpd /srv/twoftpd/alice; PATH="
                    + programs
                    + ":$PATH sh "
                    + top.resolve(script)
                    + " "
                    + String.join(" ", arguments))
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor(), script);
    List<String> lines = Files.readAllLines(log);
    for (String p : PROGRAMS) {
      Files.delete(programs.resolve(p));
    }
    Files.delete(log);
    Files.delete(programs);
    return lines;
  }

  /**
   * restorecon(8) follows names: a user who replaces a directory by a link meanwhile would choose
   * which files get another label.
   */
  @ParameterizedTest
  @CsvSource({
    "debian/control/postinst, configure",
    "debian/control/postrm, remove",
    "rpm/post, 1",
    "rpm/postun, 0"
  })
  void rootNeverWalksThroughHomes(String script, String argument) throws Exception {
    List<String> relabeled = calls("restorecon", script, argument);
    assertTrue(relabeled.contains("restorecon -R /etc/twoftpd"), relabeled::toString);
    assertEquals(
        List.of("restorecon /srv/twoftpd"),
        relabeled.stream().filter(l -> l.contains("/srv")).toList());
  }

  @Test
  void theUsersFileIsMadeOnce() throws Exception {
    assertEquals(
        List.of("chown root:twoftpd-cvm /etc/twoftpd/users"),
        calls("chown", "debian/control/postinst", "configure"));
  }

  /** Without its module, SELinux does not let a package's script start the program. */
  @ParameterizedTest
  @CsvSource({"debian/control/postinst, configure", "rpm/post, 1"})
  void theCertificateIsMadeWhenTheModuleIsLoadedAndTheProgramHasItsLabel(
      String script, String argument) throws Exception {
    List<String> all = calls(script, new String[] {argument});
    int made = all.indexOf("twoftpd-monitor --make-certificate /etc/twoftpd/tls/self-signed.pem");
    assertTrue(made >= 0, all::toString);
    List<String> before = all.subList(0, made);
    assertTrue(before.stream().anyMatch(l -> l.startsWith("semodule ")), all::toString);
    assertTrue(before.contains("restorecon -R /etc/twoftpd"), all::toString);
  }
}
