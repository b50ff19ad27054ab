package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rows of what a session is told, each with its setting. */
class SessionOptionTest {
  /** One of these is a value of any setting, and none of them is the default of all. */
  private static final List<String> TEXTS =
      List.of("on", "off", "17", "20", "1024-1025", "word", "/word", "1.2.3.4", "xfer");

  /** What the monitor alone knows, and only when the client is there. */
  private static final Set<SessionOption<?>> OF_THE_CLIENT =
      Set.of(SessionOption.PASV_ADDRESS, SessionOption.ANONYMOUS);

  /**
   * What is told to the gate as well, what depends on the kernel or on another setting, and what
   * rehearsals choose for themselves.
   */
  private static final Map<String, Set<String>> NAMED_ELSEWHERE =
      Map.of(
          "TIMEOUT", Set.of("SettingsBuilder.java", "Rehearsal.java"),
          "LOGREQUESTS", Set.of("SettingsBuilder.java"),
          "LOGRESPONSES", Set.of("SettingsBuilder.java"),
          "BANNER", Set.of("Rehearsal.java"),
          "MAX_FILE_SIZE", Set.of("ConfinementProof.java"),
          "PASV_PORTS", Set.of("LoginOptions.java"));

  private static List<SessionOption<?>> changed(SessionOptions before, SessionOptions after) {
    List<SessionOption<?>> changed = new ArrayList<>();
    for (SessionOption<?> row : SessionOption.rows()) {
      if (!Objects.deepEquals(before.get(row), after.get(row))) {
        changed.add(row);
      }
    }
    return changed;
  }

  private static List<Setting<?>> settings() {
    List<Setting<?>> settings = new ArrayList<>(SettingsTable.rows());
    settings.removeIf(s -> !s.isToldToSessions());
    return settings;
  }

  private static SessionOptions apply(SessionOptions before, String setting, String text)
      throws BadValueException {
    return apply(SettingsTable.find(setting), before, text);
  }

  private static <T> SessionOptions apply(Setting<T> setting, SessionOptions before, String text)
      throws BadValueException {
    return setting.apply(before, setting.type().parse(text));
  }

  /** The options that some value of a setting changes. */
  private static Set<SessionOption<?>> changedBy(Setting<?> setting) throws BadValueException {
    Set<SessionOption<?>> changed = new HashSet<>();
    for (Table table : Table.values()) {
      SessionOptions before = SessionOptions.defaults(table);
      for (String text : TEXTS) {
        if (setting.isGood(text)) {
          changed.addAll(changed(before, apply(before, setting.name(), text)));
        }
      }
    }
    return changed;
  }

  @Test
  void everySettingOfSessionsSetsOneOptionByItsName() throws BadValueException {
    for (Setting<?> s : settings()) {
      assertEquals(1, changedBy(s).size(), s.name());
    }
  }

  @Test
  void everyOptionHasASetting() throws BadValueException {
    Set<SessionOption<?>> reached = new HashSet<>(OF_THE_CLIENT);
    for (Setting<?> s : settings()) {
      reached.addAll(changedBy(s));
    }
    assertEquals(Set.of(SessionOption.rows()), reached);
  }

  private static <T> SessionOptions applyDefault(Setting<T> setting, SessionOptions before) {
    return setting.apply(before, setting.defaultValue());
  }

  @Test
  void theDefaultOfASettingIsThatOfItsOption() {
    for (Table table : Table.values()) {
      SessionOptions defaults = SessionOptions.defaults(table);
      for (Setting<?> s : settings()) {
        assertEquals(List.of(), changed(defaults, applyDefault(s, defaults)), s.name());
      }
    }
  }

  @Test
  void aLaterValueReplacesAnEarlierOne() throws BadValueException {
    SessionOptions o = SessionOptions.defaults(Table.XFER);
    o = apply(o, "UMASK", "077");
    o = apply(o, "SOFTCHROOT", "on");
    o = apply(o, "TIMEOUT", "5");
    assertEquals(077, o.get(SessionOption.UMASK));
    assertEquals(RootKind.SOFTCHROOT, o.get(SessionOption.ROOT));
    assertEquals(5, o.connectSeconds());
    o = apply(o, "CONNECT_TIMEOUT", "6");
    assertEquals(6, o.connectSeconds());
    o = apply(o, "UMASK", "027");
    o = apply(o, "UMASK", "");
    o = apply(o, "CHROOT", "on");
    assertEquals(027, o.get(SessionOption.UMASK));
    assertEquals(RootKind.CHROOT, o.get(SessionOption.ROOT));
    assertEquals(022, SessionOptions.defaults(Table.XFER).get(SessionOption.UMASK));
  }

  private static String refusal(String setting, String text) {
    SessionOptions o = SessionOptions.defaults(Table.XFER);
    assertThrows(BadValueException.class, () -> apply(o, setting, text));
    return SettingsTable.find(setting).describeBadValue(text);
  }

  @Test
  void aRefusalNamesTheSettingTheValueAndWhatIsAllowed() {
    assertEquals(
        "UMASK=8: must be an octal number from 0 to 0777, or empty", refusal("UMASK", "8"));
    assertEquals(
        "NODOTFILES=maybe: must be on, yes, true or 1, or off, no, false or 0",
        refusal("NODOTFILES", "maybe"));
    assertEquals(
        "unknown setting UMSK; did you mean UMASK?", SettingsTable.describeUnknown("UMSK"));
    assertFalse(SettingsTable.find("LISTEN").isToldToSessions());
    for (Setting<?> s : settings()) {
      assertTrue(refusal(s.name(), "\0").startsWith(s.name()), s.name());
    }
  }

  private static Map<Path, String> sources() throws IOException {
    Map<Path, String> sources = new TreeMap<>();
    for (String module : List.of("shared", "session", "monitor")) {
      try (Stream<Path> all = Files.walk(Path.of("..", module, "src"))) {
        for (Path p : all.filter(p -> p.toString().endsWith(".java")).toList()) {
          if (!p.startsWith(Path.of("..", module, "src", "test"))) {
            String text = Files.readString(p);
            sources.put(
                p, text.replaceAll("(?s)/\\*.*?\\*/|//[^\n]*|\"(\\\\.|[^\"\\\\\n])*\"", ""));
          }
        }
      }
    }
    assertFalse(sources.isEmpty());
    return sources;
  }

  /**
   * A new option is a change in four places: the two rows, the code that acts on it, and the test
   * that shows it. So nothing but the two rows names an option in another way than to read it.
   */
  @Test
  void anOptionIsNamedInItsTwoRowsAndWhereItIsRead() throws Exception {
    Map<Path, String> sources = sources();
    for (var field : SessionOption.class.getFields()) {
      assertTrue(Modifier.isFinal(field.getModifiers()));
      String name = field.getName();
      if (OF_THE_CLIENT.contains(field.get(null)) || name.equals("ROOT")) {
        continue;
      }
      Pattern read = Pattern.compile("\\bget\\(\\s*SessionOption\\." + name + "\\b");
      Pattern named = Pattern.compile("\\b(SessionOption|SessionRows)\\." + name + "\\b");
      Set<String> written = new TreeSet<>();
      int readers = 0;
      for (Map.Entry<Path, String> source : sources.entrySet()) {
        readers += read.matcher(source.getValue()).find() ? 1 : 0;
        if (named.matcher(read.matcher(source.getValue()).replaceAll("")).find()) {
          written.add(source.getKey().getFileName().toString());
        }
      }
      Set<String> expected = new TreeSet<>(NAMED_ELSEWHERE.getOrDefault(name, Set.of()));
      expected.add("SessionRows.java");
      assertEquals(expected, written, name);
      assertTrue(readers > 0, name);
    }
  }
}
