package org.twoftpd.session.listing;

import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.FileStatus;

/**
 * Knows the account that a listing is made for: its ids and the names that are shown for them. A
 * client sees no other account's name.
 */
public final class Viewer {
  private static final byte[] SOMEBODY = {'s', 'o', 'm', 'e', 'b', 'o', 'd', 'y'};
  private static final byte[] SOMEGRP = {'s', 'o', 'm', 'e', 'g', 'r', 'p'};
  private static final int LONGEST_NAME = 8;

  private final long uid;
  private final long gid;
  private final int[] groups;
  private final byte[] user;
  private final byte[] group;

  /**
   * Takes the account of a session.
   *
   * @param groups the supplementary groups
   * @param user the name that is shown as the owner of the files of {@code uid}, cut to 8 bytes;
   *     spaces, control bytes and semicolons, which would end a fact, become "_"
   * @param group the name that is shown for {@code gid}, in the same way
   */
  public Viewer(int uid, int gid, int[] groups, byte[] user, byte[] group) {
    this.uid = Integer.toUnsignedLong(uid);
    this.gid = Integer.toUnsignedLong(gid);
    this.groups = groups.clone();
    this.user = toShownName(user);
    this.group = toShownName(group);
  }

  private static byte[] toShownName(byte[] name) {
    int length = Math.min(name.length, LONGEST_NAME);
    // A UTF-8 character is left out rather than cut in two.
    while (length > 0 && length < name.length && (name[length] & 0xc0) == 0x80) {
      length--;
    }
    byte[] shown = new byte[Math.max(length, 1)];
    shown[0] = '_';
    for (int i = 0; i < length; i++) {
      int b = name[i] & 0xff;
      shown[i] = b <= ' ' || b == 0x7f || b == 0xff || b == ';' ? (byte) '_' : name[i];
    }
    return shown;
  }

  byte[] ownerOf(FileStatus status) {
    return status.uid() == uid ? user : SOMEBODY;
  }

  byte[] groupOf(FileStatus status) {
    return status.gid() == gid ? group : SOMEGRP;
  }

  boolean owns(FileStatus status) {
    return status.uid() == uid;
  }

  /**
   * Returns which of R_OK, W_OK and X_OK of {@link FileFlags} the file's mode grants. The kernel
   * may decide otherwise by an ACL.
   */
  int rights(FileStatus status) {
    int shift = owns(status) ? 6 : isMember(status.gid()) ? 3 : 0;
    return (status.mode() >> shift) & 7;
  }

  private boolean isMember(long group) {
    for (int each : groups) {
      if (Integer.toUnsignedLong(each) == group) {
        return true;
      }
    }
    return group == gid;
  }
}
