/*
 * java ClassList.java IMAGE CLASSPATH RECORDED... >LIST
 *
 * Makes a list of classes for -XX:SharedClassListFile from what rehearsals recorded (-XX:DumpLoadedClassList).  The list is
 * the same however the threads of a rehearsal took turns: it has the classes that every rehearsal loaded, by name, and all
 * their constants in place of those that happened to be resolved.
 */
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

class ClassList {
  /** Entries of a constant pool, The Java Virtual Machine Specification, section 4.4. */
  private static final int UTF8 = 1, LONG = 5, DOUBLE = 6, CLASS = 7, STRING = 8, FIELD = 9, METHOD = 10,
      INTERFACE_METHOD = 11, METHOD_HANDLE = 15, METHOD_TYPE = 16, INVOKE_DYNAMIC = 18, MODULE = 19, PACKAGE = 20;

  /** Classes that are loaded when one thread happens to wait for another, which a rehearsal may not show. */
  private static final Set<String> BY_CHANCE =
      Set.of(
          "java/util/concurrent/locks/AbstractQueuedSynchronizer$ExclusiveNode",
          "java/util/concurrent/locks/AbstractQueuedSynchronizer$Node",
          "java/util/concurrent/locks/AbstractQueuedSynchronizer$SharedNode");

  private final FileSystem image;
  private final List<Path> modules;
  private final String[] jars;

  private ClassList(Path image, String classPath) throws IOException {
    this.image = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", image.toString()));
    try (Stream<Path> all = Files.list(this.image.getPath("/modules"))) {
      this.modules = all.toList();
    }
    this.jars = classPath.split(":");
  }

  public static void main(String[] arguments) throws IOException {
    TreeSet<String> classes = new TreeSet<>();
    TreeSet<String> lambdas = new TreeSet<>();
    for (int i = 2; i < arguments.length; i++) {
      List<String> lines = Files.readAllLines(Path.of(arguments[i]));
      merge(classes, lines.stream().filter(l -> !l.startsWith("#") && !l.startsWith("@")).map(l -> l.split(" ")[0]), i == 2);
      merge(lambdas, lines.stream().filter(l -> l.startsWith("@lambda")), i == 2);
    }
    classes.removeAll(BY_CHANCE);
    new ClassList(Path.of(arguments[0]), arguments[1]).print(classes, lambdas);
  }

  private static void merge(TreeSet<String> into, Stream<String> lines, boolean first) {
    List<String> all = lines.toList();
    if (first) {
      into.addAll(all);
    } else {
      into.retainAll(new TreeSet<>(all));
    }
  }

  private void print(TreeSet<String> classes, TreeSet<String> lambdas) throws IOException {
    Set<String> performers = new TreeSet<>();
    for (String name : classes) {
      // The classes of a rehearsal are in no jar of the program.
      if (name.startsWith("org/twoftpd/") && find(name) == null) {
        performers.add(name);
      }
    }
    classes.removeAll(performers);
    lambdas.removeIf(l -> performers.contains(l.split(" ")[1]));
    classes.forEach(System.out::println);
    lambdas.forEach(System.out::println);
    // "@lambda-proxy CLASS ..." is the class that has made a lambda in a rehearsal.
    Set<String> makers = lambdas.stream().map(l -> l.split(" ")[1]).collect(Collectors.toSet());
    for (String name : classes) {
      // Each shape of a method handle that is resolved there has an adapter made for it when a process starts.
      byte[] content = name.startsWith("java/lang/invoke/") ? null : find(name);
      String constants = content == null ? "" : constants(content, makers.contains(name));
      if (!constants.isEmpty()) {
        System.out.println("@cp " + name + constants);
      }
    }
  }

  /** The class file, or null for a class that was made at run time. */
  private byte[] find(String name) throws IOException {
    for (Path module : modules) {
      Path file = module.resolve(name + ".class");
      if (Files.exists(file)) {
        return Files.readAllBytes(file);
      }
    }
    for (String jar : jars) {
      // A class may have a form of its own for this version of Java.
      try (JarFile file = new JarFile(new File(jar), false, ZipFile.OPEN_READ, Runtime.version())) {
        if (file.getEntry(name + ".class") != null) {
          try (InputStream in = file.getInputStream(file.getEntry(name + ".class"))) {
            return in.readAllBytes();
          }
        }
      }
    }
    return null;
  }

  /**
   * The numbers of the constants that can be resolved ahead of time, each behind a blank.
   *
   * @param lambdas whether those that make a lambda are among them: each makes a class
   */
  private static String constants(byte[] content, boolean lambdas) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    in.skipNBytes(8);
    int count = in.readUnsignedShort();
    StringBuilder numbers = new StringBuilder();
    for (int i = 1; i < count; i++) {
      int kind = in.readUnsignedByte();
      in.skipNBytes(
          switch (kind) {
            case UTF8 -> in.readUnsignedShort();
            case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> 2;
            case METHOD_HANDLE -> 3;
            case LONG, DOUBLE -> 8;
            default -> 4;
          });
      if (kind == CLASS || kind == FIELD || kind == METHOD || kind == INTERFACE_METHOD
          || kind == INVOKE_DYNAMIC && lambdas) {
        numbers.append(' ').append(i);
      }
      if (kind == LONG || kind == DOUBLE) {
        i++;
      }
    }
    return numbers.toString();
  }
}
