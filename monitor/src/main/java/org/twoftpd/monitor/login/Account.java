/*
 * Trusted to keep root out of sessions: what a credential module says about a user becomes an account here, or does not.
 */
package org.twoftpd.monitor.login;

import org.twoftpd.shared.cvm.CvmFacts;

/**
 * The account that a session runs as. Ids are the kernel's, unsigned.
 *
 * @param user the name for the log and for listings
 * @param group the name of the group, perhaps empty
 * @param groups supplementary groups
 * @param home an absolute path
 * @param shell perhaps empty
 */
public record Account(
    byte[] user, byte[] group, int uid, int gid, int[] groups, byte[] home, byte[] shell) {
  private static final int HOME_MAX = 4095;

  /** No session may have the account, for a reason that the log tells. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * Makes the account of a user whose credentials are right.
   *
   * @throws Unusable with the reason for the log, when no session may have such an account
   */
  public static Account of(CvmFacts f) throws Unusable {
    byte[] home = f.directory();
    if (f.uid() == 0) {
      throw new Unusable("its uid is 0");
    }
    if (f.gid() == 0) {
      throw new Unusable("its gid is 0");
    }
    int[] groups = new int[f.supplementary().length];
    for (int i = 0; i < groups.length; i++) {
      if (f.supplementary()[i] == 0) {
        throw new Unusable("one of its supplementary groups is 0");
      }
      groups[i] = (int) f.supplementary()[i];
    }
    if (home == null || home.length == 0) {
      throw new Unusable("it has no home directory");
    }
    if (home[0] != '/') {
      throw new Unusable("its home directory is not an absolute path");
    }
    if (home.length > HOME_MAX) {
      throw new Unusable("its home directory is longer than " + HOME_MAX + " bytes");
    }
    return new Account(
        f.user(),
        f.groupName() == null ? new byte[0] : f.groupName(),
        (int) f.uid(),
        (int) f.gid(),
        groups,
        home,
        f.shell() == null ? new byte[0] : f.shell());
  }
}
