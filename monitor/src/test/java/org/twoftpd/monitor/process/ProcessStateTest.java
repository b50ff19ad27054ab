package org.twoftpd.monitor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStateTest {
  @TempDir Path tasks;

  private void task(int tid, String name, char state) throws IOException {
    Path task = Files.createDirectories(tasks.resolve("" + tid));
    Files.writeString(task.resolve("stat"), tid + " (" + name + ") " + state + " 1 2 3 0 0\n");
  }

  @Test
  void aThreadThatWaitsForADiskIsWhatCounts() throws IOException {
    task(1, "java", 'S');
    assertEquals(ProcessState.OTHER, ProcessState.of(tasks));
    task(2, "main) D (", 'T');
    assertEquals(ProcessState.STOPPED, ProcessState.of(tasks));
    task(3, "main", 'D');
    assertEquals(ProcessState.WAITS_FOR_DISK, ProcessState.of(tasks));
  }

  /** A debugger stops threads too, and is root's business. */
  @Test
  void whatATracerStopsIsNotStopped() throws IOException {
    task(1, "java", 't');
    assertEquals(ProcessState.OTHER, ProcessState.of(tasks));
  }

  @Test
  void aProcessThatIsGoneIsNotStopped() {
    assertEquals(ProcessState.OTHER, ProcessState.of(tasks.resolve("nowhere")));
  }
}
