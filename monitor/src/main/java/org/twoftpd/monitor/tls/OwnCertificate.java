/*
 * Trusted to write a private key where nobody but root can read it, and over nothing that somebody else has put there.
 */
package org.twoftpd.monitor.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.twoftpd.shared.os.TrustedPath;

/** The file with a key and a certificate that signs itself, as packages make it. */
public final class OwnCertificate {
  /** So long before it runs out it is made anew. */
  private static final long DAYS_LEFT = 30;

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private OwnCertificate() {}

  /**
   * The host's name, as the kernel has it: to ask a resolver for another one would be to believe
   * the network.
   */
  public static String hostName() throws IOException {
    return Files.readString(HOST_NAME).strip();
  }

  /**
   * Makes the file when it is not there, or when it is one of ours and runs out. A directory that
   * is missing is made for it.
   *
   * @param names of the host, or its addresses
   * @return what was done, as a line
   * @throws IOException when the file cannot be made
   */
  public static String make(Path file, List<String> names, Instant now) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (!Files.exists(directory)) {
      Files.createDirectory(directory, permissions("rwx------"));
    }
    TrustedPath.checkDirectory(directory.toString());
    boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (there && !isToBeRenewed(file, now)) {
      return file + ": kept as it is";
    }
    Path fresh = Files.createTempFile(directory, ".new-", "", permissions("rw-------"));
    try {
      fill(fresh, names, now);
      if (there) {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return file + ": made anew, since the one before has run out or soon would";
      }
      // Unlike a rename, a link takes the place of nothing.
      Files.createLink(file, fresh);
      return file + ": made, for " + String.join(", ", names);
    } catch (FileAlreadyExistsException e) {
      return file + ": kept as it is";
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  private static boolean isToBeRenewed(Path file, Instant now) {
    try {
      List<X509Certificate> all =
          Certificates.of(Pem.parse(TrustedBytes.read(file.toAbsolutePath().toString())), 1);
      X509Certificate own = all.getFirst();
      Instant soon = now.plus(DAYS_LEFT, ChronoUnit.DAYS);
      return SelfSigned.isOurs(own) && soon.isAfter(own.getNotAfter().toInstant());
    } catch (BadKeyFile _) {
      // Whatever it is, it is not one of ours.
      return false;
    }
  }

  private static void fill(Path file, List<String> names, Instant now) throws IOException {
    byte[] pem;
    try {
      pem = SelfSigned.make(names, now);
    } catch (GeneralSecurityException e) {
      throw new IOException("no key can be made: " + e.getMessage(), e);
    }
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(pem);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }
}
