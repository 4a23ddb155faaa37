import static java.lang.classfile.ClassFile.StackMapsOption.GENERATE_STACK_MAPS;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * {@code java RaiseClassVersions.java JAR...} rewrites the classes of jars that were compiled for
 * Java 5 or older to the format of Java 8, with the stack maps that it asks for.
 *
 * <p>An ahead-of-time cache holds no class of the old formats: each start reads and verifies them
 * anew, by the old and slow verifier. Code is not changed; classes of later formats are left alone.
 */
final class RaiseClassVersions {
  private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;

  private static final ClassTransform RAISED =
      (builder, element) -> {
        switch (element) {
          case ClassFileVersion _ -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
          // Built anew instruction by instruction: code that is copied whole keeps its lack of maps.
          case MethodModel method ->
              builder.transformMethod(
                  method, MethodTransform.transformingCode((code, part) -> code.with(part)));
          case ClassElement other -> builder.with(other);
        }
      };

  private RaiseClassVersions() {}

  public static void main(String[] jars) throws IOException {
    for (String name : jars) {
      Path jar = Path.of(name);
      Path raised = jar.resolveSibling(jar.getFileName() + ".raised");
      int classes = raise(jar, raised);
      if (classes > 0) {
        Files.move(raised, jar, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.delete(raised);
      }
      System.out.printf("%s: %d classes raised%n", jar.getFileName(), classes);
    }
  }

  private static int raise(Path from, Path to) throws IOException {
    int classes = 0;
    try (JarFile jar = new JarFile(from.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
      ClassFile format =
          ClassFile.of(
              GENERATE_STACK_MAPS, ClassFile.ClassHierarchyResolverOption.of(hierarchy(jar)));
      for (JarEntry entry : Collections.list(jar.entries())) {
        byte[] content = read(jar, entry);
        if (entry.getName().endsWith(".class")) {
          ClassModel model = format.parse(content);
          if (model.majorVersion() < FIRST_WITH_STACK_MAPS) {
            content = format.transformClass(model, RAISED);
            classes++;
          }
        }
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        out.write(content);
        out.closeEntry();
      }
    }
    return classes;
  }

  /** Supertypes are looked up in the jar, then in the JDK. */
  private static ClassHierarchyResolver hierarchy(JarFile jar) {
    return ClassHierarchyResolver.ofResourceParsing(type -> {
          String descriptor = type.descriptorString();
          JarEntry entry =
              jar.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
          try {
            return entry == null ? null : jar.getInputStream(entry);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .orElse(ClassHierarchyResolver.defaultResolver());
  }

  private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
