package org.twoftpd.shared.cvm;

/**
 * The facts of an account that FTP has a use for. They are well-formed, but nobody has decided yet
 * whether such an account may log in. Names are bytes without NUL, at most 255 of them; one that
 * was not told is empty. The arrays are the record's own and must not be changed.
 *
 * @param user never empty
 * @param uid 0 to 4294967294
 * @param gid 0 to 4294967294
 * @param realName the GECOS field, as far as the module tells it
 * @param directory the home directory, as told: perhaps empty, perhaps relative
 * @param supplementary group numbers, each 0 to 4294967294, in the order told; modules repeat the
 *     gid among them
 */
public record CvmFacts(
    byte[] user,
    long uid,
    long gid,
    byte[] realName,
    byte[] directory,
    byte[] shell,
    byte[] groupName,
    long[] supplementary) {

  /** The largest uid and gid; one more is the kernel's word for "none". */
  public static final long ID_MAX = 4294967294L;
}
