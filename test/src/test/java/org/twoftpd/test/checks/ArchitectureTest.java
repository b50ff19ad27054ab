package org.twoftpd.test.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of the design, held against the code. */
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
                    "openat|readTo|sendfile|splice|unlinkat|renameat2|mkdirat")))
        .check(ALL);
  }

  /** A session starts for each login, and what it loads every login pays for. */
  @Test
  void aSessionIsLean() {
    classes()
        .that()
        .resideInAnyPackage(
            "org.twoftpd.session.command..",
            "org.twoftpd.session.control..",
            "org.twoftpd.session.data..",
            "org.twoftpd.session.fs..",
            "org.twoftpd.session.policy..")
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(
                "org.twoftpd.session.command..",
                "org.twoftpd.session.control..",
                "org.twoftpd.session.data..",
                "org.twoftpd.session.fs..",
                "org.twoftpd.session.policy..",
                "org.twoftpd.shared..",
                "java.lang",
                "java.lang.invoke",
                "java.lang.runtime",
                "java.util",
                "java.util.function",
                "java.io",
                "java.nio.charset"))
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
}
