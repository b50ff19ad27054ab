/*
 * Trusted with the users file, which administrators and twoftpd-users write.
 */
package org.twoftpd.cvm;

import java.io.IOException;
import java.nio.file.Path;

/** The accounts of the users file, read again whenever it has changed. */
final class UsersFile implements AccountSource {
  private final WatchedFile file;
  private Users users;

  UsersFile(Path path) {
    this.file = new WatchedFile(path);
  }

  @Override
  public synchronized Users current() throws IOException {
    if (file.refresh()) {
      Path path = file.path();
      users =
          new Users(
              file.content(), complaint -> Log.warning("users file " + path + " " + complaint));
      Log.info("users file " + path + ": " + users.size() + " accounts");
    }
    return users;
  }
}
