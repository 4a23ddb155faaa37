package dev.troth.gate.build;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Compiles packages of sources in this process, all files of them each time: a constant or a
 * signature of one file is in the classes of others.
 */
final class JavaSources {
  /** The packages of the library that programs are made of. */
  static final List<String> GATE = List.of("core", "arithmetic", "http", "jwk", "config");

  private static final String PREFIX = "dev/troth/gate/";

  private final Path project;
  private final Path folder;
  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

  JavaSources(Path project, Path folder) {
    this.project = project;
    this.folder = folder;
  }

  /** Where the classes come to be, in sight of everything that builds but Maven's classes. */
  Classes classes() throws IOException {
    return new Classes(folder, folder, Classes.presentBuilder(), new Loader(folder));
  }

  /** Compiles packages of the library and of this module. */
  void compile(List<String> gate, List<String> own) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : gate) {
      files.addAll(in(project.resolve("../src/main/java").resolve(PREFIX).resolve(name)));
    }
    for (String name : own) {
      files.addAll(in(project.resolve("src/main/java").resolve(PREFIX).resolve(name)));
    }
    clear();
    StringWriter words = new StringWriter();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-nowarn",
              "-g",
              "-parameters",
              "-cp",
              classPath(),
              "-d",
              folder.toString());
      boolean right =
          compiler
              .getTask(
                  words, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
              .call();
      if (!right) {
        throw new BuildException(words.toString().strip());
      }
    }
  }

  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** A class whose source is gone is gone. */
  private void clear() throws IOException {
    Files.createDirectories(folder);
    List<Path> former;
    try (Stream<Path> walk = Files.walk(folder)) {
      former = walk.sorted(Comparator.reverseOrder()).filter(path -> !path.equals(folder)).toList();
    }
    for (Path path : former) {
      Files.delete(path);
    }
  }

  /** Libraries alone: Maven's classes of these packages may be old. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> entry.endsWith(".jar") && !entry.contains("/target/"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Finds the gate's classes in the folder alone, everything else where the builder has it. */
  private static final class Loader extends ClassLoader {
    private final Path folder;

    Loader(Path folder) {
      super(JavaSources.class.getClassLoader());
      this.folder = folder;
    }

    @Override
    public @Nullable URL getResource(String name) {
      if (!name.startsWith(PREFIX)) {
        return super.getResource(name);
      }
      Path file = folder.resolve(name);
      try {
        return Files.exists(file) ? file.toUri().toURL() : null;
      } catch (MalformedURLException e) {
        throw new IllegalArgumentException(name, e);
      }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      if (!name.startsWith(PREFIX)) {
        return super.getResources(name);
      }
      URL only = getResource(name);
      return Collections.enumeration(only == null ? List.of() : List.of(only));
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
      if (!name.startsWith(PREFIX)) {
        return super.getResourceAsStream(name);
      }
      try {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.newInputStream(file) : null;
      } catch (IOException e) {
        return null;
      }
    }
  }
}
