/*
 * java SharedArchive.java FIRST NAMED SECOND NAMED HOME OUT
 *
 * Two archives that -Xshare:dump made from one list of classes differ in two things only: in the times at which soft
 * references were last used (milliseconds since the machine started) and in the checksums over them.  OUT has zeros in
 * their place, and HOME in the place of NAMED, a directory's name of the same length.  Nothing reads the checksums
 * unless -XX:+VerifySharedSpaces asks for it.  If the two ever differ in anything else, that is an error, since then two
 * builds would differ.
 */
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class SharedArchive {
  /** Where the header says how long it is; CDSFileMapHeaderBase of cds.h. */
  private static final int HEADER_SIZE = 12;

  private static final int CHECKSUMS_MAX = 8;

  /** All times of the second archive must be later than the first's by the same, give or take this. */
  private static final long TOLERANCE_MILLIS = 20_000;

  public static void main(String[] arguments) throws IOException {
    byte[] home = arguments[4].getBytes(StandardCharsets.UTF_8);
    ByteBuffer first = read(arguments[0], arguments[1].getBytes(StandardCharsets.UTF_8), home);
    ByteBuffer second = read(arguments[2], arguments[3].getBytes(StandardCharsets.UTF_8), home);
    int size = first.capacity();
    if (size != second.capacity() || size % 8 != 0) {
      throw new IOException("the archives have " + size + " and " + second.capacity() + " bytes");
    }
    int header = first.getInt(HEADER_SIZE);
    int checksums = 0;
    int times = 0;
    long earliest = Long.MAX_VALUE;
    long latest = Long.MIN_VALUE;
    for (int at = 0; at < header; at += 4) {
      if (first.getInt(at) != second.getInt(at)) {
        first.putInt(at, 0);
        checksums++;
      }
    }
    for (int at = header / 8 * 8; at < size; at += 8) {
      long a = first.getLong(at);
      long b = second.getLong(at);
      if (a != b) {
        if (a <= 0 || b <= a || b >= 1L << 45) {
          throw new IOException("offset " + at + " is no time: " + a + " and " + b);
        }
        earliest = Math.min(earliest, b - a);
        latest = Math.max(latest, b - a);
        first.putLong(at, 0);
        times++;
      }
    }
    if (checksums > CHECKSUMS_MAX || times > 0 && latest - earliest > TOLERANCE_MILLIS) {
      throw new IOException(checksums + " checksums, " + times + " times apart by " + earliest + " to " + latest + " ms");
    }
    Files.write(Path.of(arguments[5]), first.array());
  }

  private static ByteBuffer read(String file, byte[] named, byte[] home) throws IOException {
    byte[] content = Files.readAllBytes(Path.of(file));
    if (named.length != home.length) {
      throw new IOException("the names of both places must have one length");
    }
    int found = 0;
    for (int at = 0; at + named.length < content.length; at++) {
      if (content[at] == named[0] && Arrays.equals(content, at, at + named.length, named, 0, named.length)) {
        System.arraycopy(home, 0, content, at, home.length);
        found++;
      }
    }
    if (found == 0) {
      throw new IOException(file + " does not name its jars");
    }
    return ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
  }
}
