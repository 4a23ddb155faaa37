package dev.troth.server.ops;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The file in the data folder that says where the platform that runs on it listens, so that its
 * owner's commands find just that one, and over TLS by which certificate they know it. It is there
 * as long as the platform runs.
 */
public final class AddressFile implements Lifecycle {
  private static final String NAME = "troth.address";
  private static final String SHA_256 = "sha256 ";

  private final Path file;
  private final Supplier<Optional<Place>> place;
  private boolean there;

  /**
   * Where a platform is.
   *
   * @param address of its API
   * @param fingerprint the SHA-256 of its certificate, in hexadecimal digits; empty for plain HTTP
   */
  public record Place(String address, Optional<String> fingerprint) {
    private String text() {
      return address + fingerprint.map(digits -> "\n" + SHA_256 + digits).orElse("") + "\n";
    }

    private static Optional<Place> of(List<String> lines) {
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Place(
                  lines.getFirst().strip(),
                  lines.stream()
                      .skip(1)
                      .filter(line -> line.startsWith(SHA_256))
                      .map(line -> line.substring(SHA_256.length()).strip())
                      .findFirst()));
    }
  }

  /**
   * The file of a data folder.
   *
   * @param place where the API is reached, known once the listener is open; empty if it is off
   */
  public AddressFile(Path folder, Supplier<Optional<Place>> place) {
    this.file = folder.resolve(NAME);
    this.place = place;
  }

  /** Where the platform is that runs on this folder; empty if none does. */
  public static Optional<Place> read(Path folder) {
    try {
      return Place.of(Files.readAllLines(folder.resolve(NAME)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public String name() {
    return "address file";
  }

  @Override
  public synchronized void start() {
    there = true;
    try {
      write();
    } catch (IOException e) {
      throw new CannotStart("%s cannot be written: %s".formatted(file, e.getMessage()));
    }
  }

  /** Writes the file anew: the platform has another certificate. */
  public synchronized void refresh() {
    if (!there) {
      return;
    }
    try {
      write();
    } catch (IOException e) {
      System.getLogger("troth").log(Level.WARNING, file + " cannot be written", e);
    }
  }

  /** Written aside and moved, so that nobody reads half of it. */
  private void write() throws IOException {
    Optional<Place> where = place.get();
    if (where.isPresent()) {
      Path aside = file.resolveSibling(NAME + ".new");
      Files.writeString(aside, where.get().text());
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public synchronized void stop() {
    there = false;
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger("troth").log(Level.WARNING, file + " cannot be removed", e);
    }
  }
}
