/*
 * Trusted with the users file, as root, at an administrator's request.  Never prints a password or a hash.
 */
package org.twoftpd.users;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.twoftpd.cvm.CryptLibrary;
import org.twoftpd.cvm.HashKind;
import org.twoftpd.cvm.PasswordHash;

/** Carries out the commands of twoftpd-users on one users file. */
final class AccountCommands {
  /** Fields of a line that has all but the supplementary groups. */
  private static final int FIELDS = 7;

  private static final int HOME = 5;

  private final Path file;
  private final InputStream input;
  private final PrintStream out;

  /**
   * @param input where a password comes from when there is no terminal
   * @param out what was done is printed here
   */
  AccountCommands(Path file, InputStream input, PrintStream out) {
    this.file = file;
    this.input = input;
    this.out = out;
  }

  /**
   * Carries out one command.
   *
   * @throws IllegalArgumentException naming what is wrong with the command and what is allowed
   * @throws IOException when the file cannot be read or replaced
   */
  void run(Command command) throws IOException {
    switch (command) {
      case Command.Help _ -> out.print(Command.HELP);
      case Command.ListAll _ -> list();
      case Command.Add add -> add(add);
      case Command.ChangePassword c -> changePassword(c.name(), c.unlock());
      case Command.Delete c -> delete(c.name());
      case Command.Lock c -> lock(c.name());
      case Command.Unlock c -> unlock(c.name());
    }
  }

  private void list() throws IOException {
    for (String line : UsersEditor.lines(file)) {
      String[] f = line.split(":", -1);
      if (isAccount(line) && f.length >= FIELDS) {
        out.println(
            decode(f[0] + "\t" + f[2] + "\t" + f[3] + "\t" + f[HOME])
                + (isLocked(f[1]) ? "\tlocked" : "\topen"));
      }
    }
  }

  /** Lines of the file have one byte in each char; a terminal gets characters. */
  private static String decode(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private void add(Command.Add add) throws IOException {
    // Everything is checked before anybody types a password, and again when the file is locked: a
    // person may take long to type, and nobody else shall wait for that.
    NewAccount.checkName(add.name());
    newAccount(add, UsersEditor.lines(file));
    String hash = hashNewPassword(add.name());
    NewAccount account;
    try (UsersEditor editor = UsersEditor.open(file)) {
      List<String> lines = editor.lines();
      account = newAccount(add, lines);
      if (add.createHome()) {
        createHome(account);
      }
      lines.add(account.line(hash));
      editor.write(lines);
    }
    out.println("added " + add.name() + ", home " + account.home());
  }

  private static NewAccount newAccount(Command.Add add, List<String> lines) throws IOException {
    if (indexOf(lines, add.name()) >= 0) {
      throw new IllegalArgumentException(add.name() + " is there already");
    }
    return NewAccount.of(add, lines);
  }

  private void createHome(NewAccount account) {
    switch (account.createHome()) {
      case CREATED -> {}
      case GIVEN_TO_ACCOUNT ->
          out.println(account.home() + " was there and empty, and is the account's now");
      case LEFT_AS_IT_WAS ->
          out.println(account.home() + " belongs to the account already and is left as it is");
    }
  }

  private String hashNewPassword(String name) throws IOException {
    byte[] password = PasswordInput.read(name, System.console(), input);
    try {
      return PasswordHash.of(password, CryptLibrary.load());
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  private void changePassword(String name, boolean unlock) throws IOException {
    // The account must exist before anybody types a password.
    indexOfExisting(UsersEditor.lines(file), name);
    String hash = hashNewPassword(name);
    boolean[] staysLocked = {false};
    changeHash(
        name,
        before -> {
          staysLocked[0] = !unlock && isLocked(before);
          return staysLocked[0] ? "!" + hash : hash;
        });
    if (staysLocked[0]) {
      out.println(name + " stays locked; unlock it with: twoftpd-users unlock " + name);
    }
  }

  private static boolean isLocked(String hash) {
    return HashKind.isLocked(hash.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void delete(String name) throws IOException {
    try (UsersEditor editor = UsersEditor.open(file)) {
      List<String> lines = editor.lines();
      String[] f = lines.remove(indexOfExisting(lines, name)).split(":", -1);
      editor.write(lines);
      out.println(
          "deleted "
              + name
              + (f.length > HOME ? "; its home " + decode(f[HOME]) + " is left as it is" : ""));
    }
  }

  private void lock(String name) throws IOException {
    changeHash(
        name,
        hash -> {
          if (hash.startsWith("!")) {
            throw new IllegalArgumentException(name + " is locked already");
          }
          return "!" + hash;
        });
  }

  private void unlock(String name) throws IOException {
    changeHash(
        name,
        hash -> {
          if (!hash.startsWith("!")) {
            throw new IllegalArgumentException(name + " is not locked");
          }
          String unlocked = hash.substring(1);
          if (isLocked(unlocked)) {
            throw new IllegalArgumentException(
                name
                    + " has no password; set one with: twoftpd-users passwd "
                    + name
                    + " --unlock");
          }
          return unlocked;
        });
  }

  /**
   * Replaces the hash of an account.
   *
   * @param change gets the hash that the file has while it is locked, since another process may
   *     have changed it until then
   */
  private void changeHash(String name, UnaryOperator<String> change) throws IOException {
    try (UsersEditor editor = UsersEditor.open(file)) {
      List<String> lines = editor.lines();
      int i = indexOfExisting(lines, name);
      String[] f = lines.get(i).split(":", 3);
      lines.set(i, f[0] + ":" + change.apply(f[1]) + ":" + f[2]);
      editor.write(lines);
    }
    out.println("changed " + name);
  }

  private static int indexOfExisting(List<String> lines, String name) {
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
