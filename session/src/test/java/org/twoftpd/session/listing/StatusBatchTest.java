package org.twoftpd.session.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.session.fs.Scratch.bytes;
import static org.twoftpd.session.fs.Scratch.path;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.session.fs.Directory;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.Scratch;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.shared.os.SystemCallException;

/** Asks about many names at once. Each must get the answer that it would get alone. */
class StatusBatchTest {
  private static final int MOST = 128;

  private Scratch scratch;
  private FileTree tree;
  private final StatusHelper helper = new StatusHelper();

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
    tree = FileTree.below(bytes(scratch.root()), false);
  }

  @AfterEach
  void close() throws IOException {
    tree.close();
    scratch.close();
  }

  private Listing listing(FileTree from, Listing.Kind kind, String argument)
      throws SystemCallException {
    Viewer viewer = new Viewer(0, 0, new int[0], bytes("me"), bytes("us"));
    PermittedVerbs all =
        new PermittedVerbs(true, true, true, true, true, true, true, true, true, true);
    ListingStyle style = new ListingStyle(viewer, all, Facts.ALL, helper);
    return new Listing(from, VirtualPath.ROOT, bytes(argument), kind, style);
  }

  private static List<String> readRest(Listing listing) throws SystemCallException {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[Listing.MIN_BUFFER];
    int length;
    while ((length = listing.fill(buffer)) >= 0) {
      all.append(Scratch.text(buffer), 0, length);
    }
    return all.toString().lines().toList();
  }

  /**
   * Makes files with short names and with long ones in succession, so that some batches are full by
   * count and some by bytes.
   */
  private List<String> makeFiles(int count) throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "n" + (1000 + i) + (i % 300 < 150 ? "x".repeat(250) : "\t");
      names.add(name);
      switch (i % 5) {
        case 0 -> scratch.directory(name);
        case 1 -> scratch.link(name, "nowhere");
        case 2 -> scratch.link(name, names.getFirst());
        default -> scratch.file(name, "z".repeat(i));
      }
    }
    return names;
  }

  @Test
  void eachNameHasItsOwnStatus() throws IOException {
    List<String> names = makeFiles(3 * MOST);
    helper.start();
    for (boolean locked : new boolean[] {false, true}) {
      byte[] home = bytes(scratch.root());
      try (FileTree from = locked ? FileTree.lockedTo(home, false) : FileTree.below(home, false);
          Listing all = listing(from, Listing.Kind.MLSD, locked ? scratch.root() : "")) {
        List<String> lines = readRest(all);
        int first = lines.size() - names.size();
        for (int i = 0; i < names.size(); i++) {
          String one = locked ? scratch.at(names.get(i)) : names.get(i);
          try (Listing alone = listing(from, Listing.Kind.MLST, one)) {
            String expected = readRest(alone).getFirst();
            assertEquals(expected.replace(one, ""), factsOf(lines, first + i, names.get(i)));
          }
        }
      }
    }
  }

  private static String factsOf(List<String> lines, int index, String name) {
    String line = lines.get(index);
    assertTrue(line.endsWith(name), line);
    return line.substring(0, line.length() - name.length());
  }

  /**
   * Files disappear after the first piece. The listing leaves them out where it has not asked for
   * their status yet.
   */
  @Test
  void whatChangesLaterIsSeenLater() throws IOException {
    List<String> names = makeFiles(4 * MOST);
    try (Listing listing = listing(tree, Listing.Kind.LIST, "")) {
      byte[] buffer = new byte[Listing.MIN_BUFFER];
      int length = listing.fill(buffer);
      List<String> lines =
          new ArrayList<>(Scratch.text(buffer).substring(0, length).lines().toList());
      int gone = 0;
      for (int i = 2 * MOST; i < names.size(); i++) {
        if (i % 5 > 2) {
          tree.unlink(path(names.get(i)));
          gone++;
        }
      }
      lines.addAll(readRest(listing));
      assertEquals(names.size() - gone, lines.size());
    }
  }

  @Test
  void isFullByCountAndByBytes() {
    NameList names = new NameList();
    byte[] longest = bytes("x".repeat(VirtualPath.MAX_LENGTH));
    for (int i = 0; i < 10; i++) {
      names.add(longest, 0, longest.length);
    }
    for (int i = 0; i < 2 * MOST; i++) {
      names.add(longest, 0, 1);
    }
    StatusBatch batch = new StatusBatch();
    int most = 8192 / (longest.length + 1);
    assertEquals(most, batch.fill(names, 0));
    assertTrue(batch.reaches(most - 1));
    assertFalse(batch.reaches(most));
    assertEquals(10 + MOST, batch.fill(names, 10));
    assertFalse(batch.reaches(10 + MOST));
    assertEquals(10 + 2 * MOST, batch.fill(names, 10 + MOST + 1));
  }

  /**
   * Both threads ask in every possible turn. The batches must come in order, and each name must
   * have its own status.
   */
  @Test
  void eitherThreadAsksWhatTheOtherHasNotBegun() throws IOException {
    NameList names = new NameList();
    for (int i = 0; i < 4 * MOST; i++) {
      byte[] name = bytes("n" + (1000 + i));
      scratch.file("n" + (1000 + i), "z".repeat(i));
      names.add(name, 0, name.length);
    }
    for (int turns = 0; turns < 1 << 4; turns++) {
      try (Directory directory =
          tree.openDirectory(VirtualPath.ROOT, new byte[Directory.BUFFER_SIZE])) {
        StatusQueue queue = new StatusQueue(asked -> asked.askKernel(directory), names);
        StatusBatch batch = null;
        for (int i = 0; i < names.size(); i++) {
          if (batch == null || !batch.reaches(i)) {
            boolean ahead = (turns & 1 << i / MOST) != 0;
            assertEquals(ahead && askedBefore(turns, i / MOST) < 4, ahead && queue.askNextBatch());
            batch = queue.nextBatch(batch);
          }
          assertFalse(batch.hasFailed(i));
          assertEquals(i, batch.status(i).size());
        }
        assertFalse(queue.askNextBatch());
        queue.close();
      }
    }
  }

  /** Counts how many of the four batches are begun before turn {@code n}. */
  private static int askedBefore(int turns, int n) {
    int begun = 0;
    for (int i = 0; i < n; i++) {
      begun = Math.max(i + 1, begun + (turns >> i & 1));
    }
    return begun;
  }

  @Test
  void aClosedQueueIsNotAskedAhead() throws IOException {
    List<String> names = makeFiles(2 * MOST);
    NameList list = new NameList();
    for (String name : names) {
      list.add(bytes(name), 0, name.length());
    }
    try (Directory directory =
        tree.openDirectory(VirtualPath.ROOT, new byte[Directory.BUFFER_SIZE])) {
      StatusQueue queue = new StatusQueue(asked -> asked.askKernel(directory), list);
      assertTrue(queue.askNextBatch());
      queue.close();
      assertFalse(queue.askNextBatch());
    }
  }

  private static NameList makeNames() {
    NameList names = new NameList();
    for (int i = 0; i < 2 * MOST; i++) {
      names.add(bytes("name"), 0, 4);
    }
    return names;
  }

  /** Closing must wait, or the helper would use a descriptor that another file may have by then. */
  @Test
  @Timeout(60)
  void closingWaitsForTheHelper() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    StatusQueue queue =
        new StatusQueue(
            batch -> {
              asked.countDown();
              try {
                answered.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return 0;
            },
            makeNames());
    Thread ahead = Thread.ofPlatform().start(queue::askNextBatch);
    asked.await();
    Thread closing = Thread.ofPlatform().start(queue::close);
    while (closing.getState() != Thread.State.WAITING && closing.isAlive()) {
      Thread.sleep(10);
    }
    assertTrue(closing.isAlive());
    answered.countDown();
    closing.join();
    ahead.join();
  }

  @Test
  @Timeout(60)
  void aHelperThatFailsIsNotWaitedFor() {
    StatusQueue queue =
        new StatusQueue(
            batch -> {
              throw new StackOverflowError();
            },
            makeNames());
    assertThrows(StackOverflowError.class, queue::askNextBatch);
    queue.close();
    assertFalse(queue.askNextBatch());
  }

  /**
   * Some listings are read to the end and some are not. Help must change no line and end with each.
   */
  @Test
  void linesAreTheSameWithHelp() throws IOException {
    makeFiles(20 * MOST);
    List<String> expected;
    try (Listing alone = listing(tree, Listing.Kind.MLSD, "")) {
      expected = readRest(alone);
    }
    helper.start();
    for (int round = 0; round < 60; round++) {
      try (Listing helped = listing(tree, Listing.Kind.MLSD, "")) {
        if (round % 3 > 0) {
          byte[] buffer = new byte[Listing.MIN_BUFFER];
          for (int i = 0; i < round; i++) {
            helped.fill(buffer);
          }
        } else {
          assertEquals(expected, readRest(helped));
        }
      }
    }
  }
}
