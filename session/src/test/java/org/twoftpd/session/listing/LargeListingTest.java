package org.twoftpd.session.listing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.session.fs.Scratch.bytes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.fs.ChildProgram;
import org.twoftpd.session.fs.Directory;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.Scratch;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Lists directories and patterns that would take a careless listing too much memory or time. */
class LargeListingTest {
  private static final ListingStyle STYLE =
      new ListingStyle(
          new Viewer(0, 0, new int[0], bytes("me"), bytes("us")),
          new PermittedVerbs(true, true, true, true, true, true, true, true, true, true),
          Facts.ALL,
          new StatusHelper());

  private Scratch scratch;
  private FileTree tree;

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

  private void makeFiles(int count, String stem) {
    int flags = FileFlags.O_WRONLY | FileFlags.O_CREAT;
    for (int i = 0; i < count; i++) {
      int fd = Native.openat(-100, scratch.bytesAt(stem + (1_000_000 + i)), flags, 0600);
      assertTrue(fd >= 0);
      Native.close(fd);
    }
  }

  /**
   * Lists as a session does, in a process of its own, and writes the lines and the time it took.
   */
  public static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws SystemCallException {
      Native.load();
      FileTree tree = FileTree.below(arguments[0].getBytes(US_ASCII), false);
      byte[] buffer = new byte[65_536];
      for (int round = Integer.parseInt(arguments[2]); round > 0; round--) {
        long time = System.nanoTime();
        long lines = 0;
        Listing.Kind kind = Listing.Kind.valueOf(arguments[1]);
        byte[] options = arguments[3].getBytes(US_ASCII);
        try (Listing listing = new Listing(tree, VirtualPath.ROOT, options, kind, STYLE)) {
          int length;
          while ((length = listing.fill(buffer)) >= 0) {
            for (int i = 0; i < length; i++) {
              lines += buffer[i] == '\n' ? 1 : 0;
            }
          }
        }
        System.out.println(lines + " " + (System.nanoTime() - time) / 1000 + " us");
      }
      System.out.println(
          "cpu " + ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis());
    }
  }

  private String linesInSmallHeap(String heap, Listing.Kind kind, String options) throws Exception {
    return ChildProgram.run(Program.class, heap, scratch.root(), kind.name(), "2", options)
        .getFirst();
  }

  /** The heap is too small for 100,000 objects, and for all lines, which take 12 MB. */
  @Test
  void aHundredThousandEntriesInTenMegabytes() throws Exception {
    makeFiles(100_000, "a-file-with-a-long-name-of-no-great-interest-");
    for (Listing.Kind kind :
        new Listing.Kind[] {Listing.Kind.NLST, Listing.Kind.LIST, Listing.Kind.MLSD}) {
      String first = linesInSmallHeap("10m", kind, "");
      // MLSD has one more line, for the directory itself.
      assertTrue(first.startsWith(kind == Listing.Kind.MLSD ? "100001 " : "100000 "), first);
    }
  }

  /** An order other than by name takes 20 bytes more for each entry. */
  @Test
  void aHundredThousandEntriesByTimeInTwelveMegabytes() throws Exception {
    makeFiles(100_000, "a-file-with-a-long-name-of-no-great-interest-");
    for (String options : new String[] {"-t", "-Sr"}) {
      String first = linesInSmallHeap("12m", Listing.Kind.LIST, options);
      assertTrue(first.startsWith("100000 "), first);
    }
  }

  /** The directory has more names than the list holds, so each run must be sorted by itself. */
  @Test
  void runsAreSortedBySizeAsWell() throws Exception {
    makeFiles(10_000, "n");
    for (int i = 0; i < 10_000; i += 1000) {
      scratch.file("n" + (1_000_000 + i), "x".repeat(i + 1));
    }
    Directory directory = tree.openDirectory(VirtualPath.ROOT, new byte[Directory.BUFFER_SIZE]);
    int entriesSeen = 0;
    int runs = 1;
    long before = Long.MAX_VALUE;
    ListingOrder bySize = new ListingOrder(ListingOrder.By.SIZE, false);
    try (Entries entries =
        new DirectoryEntries(directory, bySize, new StatusHelper(), new NameList(1 << 16))) {
      while (entries.next()) {
        long size = entries.status().size();
        runs += size > before ? 1 : 0;
        before = size;
        entriesSeen++;
      }
    }
    assertEquals(10_000, entriesSeen);
    assertTrue(runs <= 2, runs + " runs");
  }

  /** The directory has more names than the list holds. None may be lost or come twice. */
  @Test
  void moreThanTheListHoldsComesInSortedRuns() throws Exception {
    makeFiles(10_000, "n");
    List<String> seen = new ArrayList<>();
    int runs = 1;
    Directory directory = tree.openDirectory(VirtualPath.ROOT, new byte[Directory.BUFFER_SIZE]);
    try (Entries entries =
        new DirectoryEntries(
            directory, ListingOrder.BY_NAME, new StatusHelper(), new NameList(1 << 16))) {
      Text name = new Text();
      while (entries.next()) {
        name.clear();
        entries.appendName(name);
        String text = Scratch.text(name.toBytes());
        runs += !seen.isEmpty() && seen.getLast().compareTo(text) > 0 ? 1 : 0;
        seen.add(text);
      }
    }
    assertEquals(2, runs);
    seen.sort(null);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      expected.add("n" + (1_000_000 + i));
    }
    assertTrue(expected.equals(seen), "names lost or doubled");
  }

  private void assertTooMuch(String pattern) {
    SystemCallException e =
        assertThrows(
            SystemCallException.class,
            () ->
                new Listing(tree, VirtualPath.ROOT, bytes(pattern), Listing.Kind.NLST, STYLE)
                    .close(),
            pattern);
    assertEquals(Errno.E2BIG, e.errno(), pattern);
  }

  /** Each way up and down again multiplies the paths, as in CVE-2011-0418. */
  @Test
  void patternsThatMultiplyAreRefused() throws IOException {
    for (int i = 0; i < 60; i++) {
      scratch.directory("d" + i);
    }
    assertTooMuch("*/../*/../*/../*");
    assertTooMuch("*/../".repeat(800) + "x");
    // A pattern within the bounds finds 60 * 60 paths.
    NameList found = PathExpansion.expand(tree, VirtualPath.ROOT, bytes("*/../*"));
    assertEquals(3600, found.size());
    assertArrayEquals(bytes("d0/../d0"), found.get(0));
  }

  /** These patterns find nothing, but only after more than a million entries. */
  @Test
  void patternsThatLookAtTooMuchAreRefused() throws IOException {
    for (int i = 0; i < 110; i++) {
      scratch.directory("d" + i);
    }
    assertTooMuch("*/../*/../none*");
  }

  /** The pattern is slow for each name, and there are many such names, as in CVE-2010-2632. */
  @Test
  void patternsThatAreSlowAreRefused() {
    makeFiles(20_000, "a".repeat(240));
    assertTooMuch("*" + "a".repeat(120) + "b*");
  }

  @Test
  void tooManyMatchesAreRefused() throws IOException {
    for (int i = 0; i < 500; i++) {
      scratch.directory("some-directory-with-a-name-" + i);
    }
    assertTooMuch("*/../*");
  }
}
