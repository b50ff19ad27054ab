/*
 * One row of conformance.txt, and how the file is read.
 */
package org.twoftpd.test.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * See the head of conformance.txt.
 *
 * @param line of the file
 * @param tables letters
 * @param given commands, perhaps none
 * @param commands alternatives
 * @param codes of the replies
 * @param opening that the reply 150 contains; null for any
 * @param text that the last reply contains; null for any
 * @param effect as {@link ConformanceHome} tells it, or {@code gets "..."}
 * @param then the command afterwards
 */
record ConformanceRow(
    int line,
    String tables,
    List<String> given,
    List<String> commands,
    List<Integer> codes,
    String opening,
    String text,
    String effect,
    String then) {

  private static final Pattern BYTE = Pattern.compile("\\\\x([89a-f][0-9a-f])");
  private static final Pattern OPENING = Pattern.compile("150 \"([^\"]*)\" ");

  /** The rows of the file, in their order. */
  static List<ConformanceRow> all() throws IOException {
    List<ConformanceRow> rows = new ArrayList<>();
    String[] lines;
    try (InputStream in = ConformanceRow.class.getResourceAsStream("conformance.txt")) {
      lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n", -1);
    }
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank() && !lines[i].startsWith("#")) {
        String line =
            BYTE.matcher(lines[i]).replaceAll(m -> "" + (char) Integer.parseInt(m.group(1), 16));
        rows.add(of(i + 1, line));
      }
    }
    return rows;
  }

  private static ConformanceRow of(int number, String line) {
    String[] cell = line.split("\\s+\\|\\s+", -1);
    if (cell.length != 6 || !cell[0].matches("[xadltXAD]+")) {
      throw new IllegalArgumentException("conformance.txt, line " + number + ": " + line);
    }
    Matcher begins = OPENING.matcher(cell[3]);
    boolean hasOpening = begins.lookingAt();
    String replies = hasOpening ? "150 " + cell[3].substring(begins.end()) : cell[3];
    int quote = replies.indexOf('"');
    String codes = quote < 0 ? replies : replies.substring(0, quote);
    return new ConformanceRow(
        number,
        cell[0],
        list(cell[1]),
        list(cell[2]),
        Pattern.compile(" ").splitAsStream(codes.trim()).map(Integer::valueOf).toList(),
        hasOpening ? begins.group(1) : null,
        quote < 0 ? null : quoted(replies),
        cell[4].trim(),
        bytes(cell[5].trim()));
  }

  /** The tables, and X for x where a transfer is tried, since that is another one over TLS. */
  String tablesAndTls() {
    boolean transfers = commands.getFirst().matches("[<>] .*");
    return transfers && tables.contains("x") ? tables + "X" : tables;
  }

  private static List<String> list(String cell) {
    if (cell.equals("-")) {
      return List.of();
    }
    return List.of(bytes(cell).split(" ; ", -1));
  }

  private static String bytes(String cell) {
    return cell.replace("\\s", " ").replace("\\n", "\r\n");
  }

  /** What stands between the first and the last quotation mark. */
  static String quoted(String cell) {
    return cell.substring(cell.indexOf('"') + 1, cell.lastIndexOf('"'));
  }

  /** The verb of a command, in capitals; for SITE with the word that follows. */
  static String verb(String command) {
    String[] word = command.replaceFirst("^[<>] ", "").strip().split(" ", -1);
    String first = word[0].toUpperCase(java.util.Locale.ROOT);
    return first.equals("SITE") && word.length > 1
        ? "SITE " + word[1].toUpperCase(java.util.Locale.ROOT)
        : first;
  }

  /** True when text is what a pattern says, in which * stands for anything. */
  static boolean matches(String pattern, String text) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }
}
