package org.twoftpd.test.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which part of the code may depend on which. */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.twoftpd");

  @Test
  void monitorAndSessionNeverSeeEachOther() {
    noClasses()
        .that()
        .resideInAPackage("org.twoftpd.monitor..")
        .or()
        .resideInAPackage("org.twoftpd.cvm..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.twoftpd.session..")
        .check(ALL);
    noClasses()
        .that()
        .resideInAPackage("org.twoftpd.session..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.twoftpd.monitor..", "org.twoftpd.cvm..")
        .check(ALL);
  }

  @Test
  void sharedSeesNeither() {
    noClasses()
        .that()
        .resideInAPackage("org.twoftpd.shared..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.twoftpd.monitor..", "org.twoftpd.cvm..", "org.twoftpd.session..")
        .check(ALL);
  }

  @Test
  void filesAndDataNeverSeeCommands() {
    noClasses()
        .that()
        .resideInAnyPackage("org.twoftpd.session.fs..", "org.twoftpd.session.data..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.twoftpd.session.command..")
        .check(ALL);
  }

  /** What opens and stores files is to be understood without what describes them. */
  @Test
  void filesKnowNothingOfListings() {
    noClasses()
        .that()
        .resideInAPackage("org.twoftpd.session.fs..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.twoftpd.session.listing..", "org.twoftpd.session.control..")
        .check(ALL);
  }

  /** They speak the CVM protocol with each other, which stands in shared. */
  @Test
  void theMonitorAndTheBundledModuleNeverSeeEachOther() {
    noClasses()
        .that()
        .resideInAPackage("org.twoftpd.monitor..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.twoftpd.cvm..")
        .check(ALL);
    noClasses()
        .that()
        .resideInAPackage("org.twoftpd.cvm..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.twoftpd.monitor..")
        .check(ALL);
  }

  /** The monitor opens no user file: it has no call that opens any file of that kind. */
  @Test
  void theMonitorOpensNoUserFile() {
    noClasses()
        .that()
        .resideInAPackage("org.twoftpd.monitor..")
        .should()
        .callMethodWhere(
            com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                    "openat|readTo|readInto|sendfile|splice|unlinkat|renameat2|mkdirat")))
        .check(ALL);
  }

  /** What every session loads. */
  private static final String[] LEAN = {
    "org.twoftpd.session.command..",
    "org.twoftpd.session.confine..",
    "org.twoftpd.session.control..",
    "org.twoftpd.session.data..",
    "org.twoftpd.session.fs..",
    "org.twoftpd.session.listing..",
    "org.twoftpd.session.policy..",
    "org.twoftpd.session.text..",
  };

  /** A session starts for each login, and what it loads every login pays for. */
  @Test
  void aSessionIsLean() {
    classes()
        .that()
        .resideInAnyPackage(LEAN)
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(LEAN)
                .or(
                    JavaClass.Predicates.resideInAnyPackage(
                        "org.twoftpd.shared..",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.util",
                        "java.util.function",
                        "java.io",
                        "java.nio.charset")))
        .check(ALL);
  }

  /** Only one class calls the C library. */
  @Test
  void onlyOneClassIsNative() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("org.twoftpd.shared.os.Native")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign")
        .check(ALL);
  }

  /** Each package is a slice of its own, also one that has packages below it. */
  private static final SliceAssignment EACH_PACKAGE =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass c) {
          String name = c.getPackageName();
          return name.startsWith("org.twoftpd.")
              ? SliceIdentifier.of(name)
              : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
          return "each package";
        }
      };

  /** Somebody who reads a package needs to know those that it uses, and none that uses it. */
  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices().assignedFrom(EACH_PACKAGE).should().beFreeOfCycles().check(ALL);
  }

  /**
   * What rehearses the programs when they are built is in none of them. A stand-in has the name of
   * the class that it stands in for; the compiler takes only one of the two.
   */
  @Test
  void noBuildTimeClassIsInAProduct() throws IOException {
    List<String> found = new ArrayList<>();
    int rehearsing = 0;
    for (String module : List.of("monitor", "session")) {
      Path sources = Path.of("..", module, "src", "rehearsal", "java");
      Path product = Path.of("..", module, "src", "main", "java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          Path source = sources.relativize(file);
          String name = source.toString().replace(".java", "").replace('/', '.');
          if (!Files.exists(product.resolve(source))) {
            rehearsing++;
            if (ALL.contain(name)) {
              found.add(name);
            }
          }
        }
      }
    }
    assertTrue(rehearsing > 0, "there are rehearsals");
    assertTrue(ALL.contain("org.twoftpd.monitor.Main"), "the monitor was looked at");
    assertTrue(ALL.contain("org.twoftpd.session.Main"), "the session was looked at");
    assertEquals(List.of(), found, "classes of the rehearsals in a product");
  }

  /** Every class of a product has its source where the product's sources are. */
  @Test
  void everyClassOfAProductHasItsSourceThere() {
    List<String> strangers = new ArrayList<>();
    for (JavaClass c : ALL) {
      String name = c.getName().replaceFirst("\\$.*", "").replace('.', '/') + ".java";
      boolean known =
          Stream.of("shared", "session", "monitor")
              .anyMatch(m -> Files.exists(Path.of("..", m, "src", "main", "java", name)));
      if (!known) {
        strangers.add(c.getName());
      }
    }
    assertEquals(List.of(), strangers, "classes without a source in src/main/java");
  }
}
