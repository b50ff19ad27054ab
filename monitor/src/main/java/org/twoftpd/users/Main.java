/*
 * Trusted with the users file, as root, at an administrator's request.  Never prints a password or a hash.
 */
package org.twoftpd.users;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.twoftpd.cvm.CryptLibrary;
import org.twoftpd.cvm.HashKind;
import org.twoftpd.cvm.PasswordHash;

/** The program twoftpd-users: the accounts of twoftpd-cvm. */
public final class Main {
  private static final int FAILED = 1;
  private static final int USAGE = 64;

  private static final String HELP =
      """
      usage: twoftpd-users [--file FILE] add NAME [OPTION...]
             twoftpd-users [--file FILE] passwd NAME [--unlock]
             twoftpd-users [--file FILE] del|lock|unlock NAME
             twoftpd-users [--file FILE] list

        add              a new account; asks for its password, or reads it as a line of
                         standard input
          --create-home  make the home, with the account as its owner, where nobody but
                         root may write
          --home DIR     the home, /srv/twoftpd/NAME unless said
          --uid N        the user id, the first free one from 50000 on unless said
          --gid N        the group id, the number of the user id unless said
          --groups N,N   supplementary group ids
          --shell PATH   /bin/sh unless said; twoftpd.conf(5) may tie a table to a shell
          --comment TEXT a remark
        passwd           another password; an account that is locked stays so
          --unlock       and is open again
        del              take the account away; its home stays
        lock, unlock     let nobody in by that account; let in again by the same password
        list             every account: name, uid, gid, home, and whether it is locked
        --file FILE      the users file, /etc/twoftpd/users unless said
      """;

  private final Path file;
  private final InputStream input;
  private final PrintStream out;

  Main(Path file, InputStream input, PrintStream out) {
    this.file = file;
    this.input = input;
    this.out = out;
  }

  /** See --help. Exits with 1 when it failed and with 64 when the arguments are wrong. */
  public static void main(String[] arguments) {
    Command.Line line;
    try {
      line = Command.parse(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("twoftpd-users: " + wrong.getMessage());
      System.exit(USAGE);
      return;
    }
    try {
      new Main(Path.of(line.file()).toAbsolutePath(), System.in, System.out).run(line.command());
    } catch (IllegalArgumentException wrong) {
      System.err.println("twoftpd-users: " + wrong.getMessage());
      System.exit(FAILED);
    } catch (IOException | UnsatisfiedLinkError failure) {
      System.err.println("twoftpd-users: " + line.file() + ": " + reason(failure));
      System.exit(FAILED);
    } catch (RuntimeException failure) {
      System.err.println("twoftpd-users: " + failure);
      System.exit(FAILED);
    }
  }

  private static String reason(Throwable failure) {
    // The message of these is the name of the file.
    return failure instanceof AccessDeniedException ? "Permission denied" : failure.getMessage();
  }

  void run(Command command) throws IOException {
    switch (command) {
      case Command.Help _ -> out.print(HELP);
      case Command.ListAll _ -> list();
      case Command.Add add -> add(add);
      case Command.Passwd c -> passwd(c.name(), c.unlock());
      case Command.Delete c -> delete(c.name());
      case Command.Lock c -> lock(c.name());
      case Command.Unlock c -> unlock(c.name());
    }
  }

  private void list() throws IOException {
    for (String line : UsersEditor.lines(file)) {
      String[] f = line.split(":", -1);
      if (isAccount(line) && f.length >= 7) {
        boolean locked = isLocked(f[1]);
        out.println(
            shown(f[0] + "\t" + f[2] + "\t" + f[3] + "\t" + f[5])
                + (locked ? "\tlocked" : "\topen"));
      }
    }
  }

  /** The file is bytes, one in a char. */
  private static String shown(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private void add(Command.Add add) throws IOException {
    NewAccount.checkName(add.name());
    if (indexOf(UsersEditor.lines(file), add.name()) >= 0) {
      throw new IllegalArgumentException(add.name() + " is there already");
    }
    // Before the lock is taken: a person may take long to type.
    NewAccount.of(add, UsersEditor.lines(file));
    String hash = hash(add.name());
    NewAccount account;
    try (UsersEditor editor = UsersEditor.open(file)) {
      List<String> lines = editor.lines();
      if (indexOf(lines, add.name()) >= 0) {
        throw new IllegalArgumentException(add.name() + " is there already");
      }
      account = NewAccount.of(add, lines);
      if (add.createHome()) {
        switch (account.createHome()) {
          case MADE -> {}
          case GIVEN -> out.println(account.home() + " was there, empty, and is the account's now");
          case LEFT -> out.println(account.home() + " is there already and is left as it is");
        }
      }
      lines.add(account.line(hash));
      editor.write(lines);
    }
    out.println("added " + add.name() + ", home " + account.home());
  }

  private String hash(String name) throws IOException {
    byte[] password = PasswordInput.read(name, System.console(), input);
    try {
      return PasswordHash.of(password, CryptLibrary.load());
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  private void passwd(String name, boolean unlock) throws IOException {
    // It must be there before anybody types.
    known(UsersEditor.lines(file), name);
    String hash = hash(name);
    boolean[] stays = {false};
    change(
        name,
        before -> {
          stays[0] = !unlock && isLocked(before);
          return stays[0] ? "!" + hash : hash;
        });
    if (stays[0]) {
      out.println(name + " stays locked; unlock, or passwd with --unlock, opens it");
    }
  }

  private static boolean isLocked(String hash) {
    return HashKind.isLocked(hash.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void delete(String name) throws IOException {
    try (UsersEditor editor = UsersEditor.open(file)) {
      List<String> lines = editor.lines();
      String[] f = lines.remove(known(lines, name)).split(":", -1);
      editor.write(lines);
      out.println(
          "deleted " + name + (f.length > 5 ? "; its home " + shown(f[5]) + " is left alone" : ""));
    }
  }

  private void lock(String name) throws IOException {
    change(
        name,
        hash -> {
          if (hash.startsWith("!")) {
            throw new IllegalArgumentException(name + " is locked already");
          }
          return "!" + hash;
        });
  }

  private void unlock(String name) throws IOException {
    change(
        name,
        hash -> {
          if (!hash.startsWith("!")) {
            throw new IllegalArgumentException(name + " is not locked");
          }
          String open = hash.substring(1);
          if (isLocked(open)) {
            throw new IllegalArgumentException(
                name + " has no password; passwd with --unlock gives it one");
          }
          return open;
        });
  }

  /** From the hash that is there under the lock: a password may have been changed meanwhile. */
  private void change(String name, UnaryOperator<String> toHash) throws IOException {
    try (UsersEditor editor = UsersEditor.open(file)) {
      List<String> lines = editor.lines();
      int i = known(lines, name);
      String[] f = lines.get(i).split(":", 3);
      lines.set(i, f[0] + ":" + toHash.apply(f[1]) + ":" + f[2]);
      editor.write(lines);
    }
    out.println("changed " + name);
  }

  private static int known(List<String> lines, String name) {
    int i = indexOf(lines, name);
    if (i < 0 || lines.get(i).split(":", 3).length < 3) {
      throw new IllegalArgumentException("there is no account " + name);
    }
    return i;
  }

  private static int indexOf(List<String> lines, String name) {
    for (int i = 0; i < lines.size(); i++) {
      if (isAccount(lines.get(i)) && lines.get(i).split(":", 2)[0].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isAccount(String line) {
    return !line.isBlank() && !line.startsWith("#");
  }
}
