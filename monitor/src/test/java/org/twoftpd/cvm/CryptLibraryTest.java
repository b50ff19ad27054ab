/*
 * crypt_r(3), called through jffi by many threads at once, gives the hashes that perl gets from the C library.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CryptLibraryTest {
  private static final CryptLibrary LIBRARY = CryptLibrary.load();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String hash(String password, String setting) {
    byte[] hash = LIBRARY.hash(bytes(password), bytes(setting));
    return hash == null ? null : new String(hash, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ab",
        "$1$abcdefgh",
        "$5$abcdefgh",
        "$6$abcdefgh",
        "$6$rounds=2000$abcdefgh",
        "$y$j9T$abcdefgh",
        "$2b$05$abcdefghijklmnopqrstuu",
        "$sha1$1000$abcdefgh"
      })
  void everyKindIsWhatTheLibrarySays(String setting) {
    String password = "s\u00e9cret w\u00f6rd";
    String expected = Hashes.of(password, setting);
    assertEquals(expected, hash(password, setting));
    assertEquals(expected, hash(password, expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "*", "*0", "!", "$", "$zz$abc", "$6", "$2b$99$abc", "::"})
  void whatIsNotKnownIsNull(String setting) {
    assertNull(hash("secret", setting));
  }

  @Test
  void whatIsTooLongIsNull() {
    assertNull(hash("p".repeat(512), "$6$abcdefgh"));
    assertNull(hash("secret", "$6$" + "a".repeat(400)));
  }

  /** Password and setting get memory that was used before, and must not be longer for that. */
  @Test
  void nothingIsLeftOfALongerOne() {
    String expected = Hashes.of("ab", "$5$salt");
    hash("a".repeat(500), "$5$rounds=1000$longerthanthis");
    assertEquals(expected, hash("ab", "$5$salt"));
  }

  @Test
  void manyThreadsAtOnceDoNotMixUp() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      expected.add(Hashes.of("password" + i, "$5$salt" + i));
    }
    List<Callable<String>> questions = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int k = i % 20;
      questions.add(() -> hash("password" + k, "$5$salt" + k));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<String>> answers = threads.invokeAll(questions);
      for (int i = 0; i < answers.size(); i++) {
        assertEquals(expected.get(i % 20), answers.get(i).get());
      }
    }
  }
}
