package dev.troth.gate.build;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Where compiled classes are.
 *
 * @param gate of the library
 * @param own of this module
 * @param builder what builds: a digest of its classes and the names of its compilers
 * @param loader finds all of them
 */
record Classes(Path gate, Path own, String builder, ClassLoader loader) {
  /** Those that Maven compiled. */
  static Classes ofMaven(Path project) throws IOException {
    return new Classes(
        project.resolve("../target/classes"),
        project.resolve("target/classes"),
        presentBuilder(),
        Classes.class.getClassLoader());
  }

  /** The builder of this process. */
  static String presentBuilder() throws IOException {
    Path place;
    try {
      place = Path.of(Classes.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    String compilers =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> String.valueOf(Path.of(entry).getFileName()))
            .filter(name -> name.startsWith("teavm"))
            .sorted()
            .collect(Collectors.joining(" "));
    return new Digest().tree(place.resolve("dev/troth/gate/build")).text(compilers).hex();
  }

  /** The folder of a package below {@code dev.troth.gate}. */
  Path of(String name) {
    Path here = own.resolve("dev/troth/gate").resolve(name);
    return Files.isDirectory(here) ? here : gate.resolve("dev/troth/gate").resolve(name);
  }
}
