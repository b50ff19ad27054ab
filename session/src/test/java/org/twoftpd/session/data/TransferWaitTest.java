package org.twoftpd.session.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.KeepAlive;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.session.data.TransferWait.Outcome;
import org.twoftpd.shared.os.Native;

/** An upload whose client has hung up may take what has arrived, for a few seconds. */
@Timeout(60)
class TransferWaitTest {
  private static final long BEYOND_GRACE_MILLIS = 5_200;
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  private final int[] control = new int[2];
  private final int[] data = new int[2];
  private final byte[] bytes = new byte[1000];

  @BeforeEach
  void connect() {
    for (int[] ends : new int[][] {control, data}) {
      assertEquals(0, Native.socketpair(ends));
      Native.setNonblocking(ends[0], true);
    }
  }

  @AfterEach
  void disconnect() {
    Native.close(control[0]);
    Native.close(data[0]);
    Native.close(data[1]);
  }

  private static final class Unasked implements KeepAlive {
    @Override
    public int questionFd() {
      return -1;
    }

    @Override
    public void answerQuestion() {}

    @Override
    public void noteProgress() {}
  }

  private Outcome await(TransferWait wait) throws Exception {
    return wait.await(data[0], Readiness.READ, System.nanoTime() + HOUR_NANOS);
  }

  @Test
  void whatHasArrivedByTheEndOfTheMomentIsTakenAsFarAsASocketHolds() throws Exception {
    TransferWait wait =
        new TransferWait(
            new ControlConnection(control[0], (_, _, _) -> true, 60),
            _ -> false,
            new Unasked(),
            true,
            Long.MAX_VALUE);
    assertEquals(bytes.length, Native.write(data[1], bytes, 0, bytes.length));
    assertEquals(Outcome.READY, await(wait));
    Native.close(control[1]);
    assertEquals(Outcome.READY, await(wait));
    // A slow disk may take so long to write what has been read.
    Thread.sleep(BEYOND_GRACE_MILLIS);
    wait.countBytes(100L << 20);
    assertEquals(Outcome.READY, await(wait));
    wait.countBytes(8L << 19);
    assertEquals(Outcome.READY, await(wait));
    byte[] read = new byte[2 * bytes.length];
    assertEquals(bytes.length, Native.read(data[0], read, 0, read.length));
    assertEquals(Outcome.INTERRUPTED, await(wait), "nothing is there");
    assertEquals(bytes.length, Native.write(data[1], bytes, 0, bytes.length));
    assertEquals(Outcome.READY, await(wait));
    wait.countBytes(8L << 19);
    assertEquals(Outcome.INTERRUPTED, await(wait), "enough was taken");
  }
}
