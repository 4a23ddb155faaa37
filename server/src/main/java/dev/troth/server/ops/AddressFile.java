package dev.troth.server.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The file in the data folder that says where the platform that runs on it listens, so that its
 * owner's commands find just that one. It is there as long as the platform runs.
 */
public final class AddressFile implements Lifecycle {
  private static final String NAME = "troth.address";

  private final Path file;
  private final Supplier<Optional<String>> address;

  /**
   * The file of a data folder.
   *
   * @param address where the API is reached, known once the listener is open; empty if it is off
   */
  public AddressFile(Path folder, Supplier<Optional<String>> address) {
    this.file = folder.resolve(NAME);
    this.address = address;
  }

  /** The address of the platform that runs on this folder; empty if none does. */
  public static Optional<String> read(Path folder) {
    try {
      return Optional.of(Files.readString(folder.resolve(NAME)).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public String name() {
    return "address file";
  }

  @Override
  public void start() {
    try {
      Optional<String> where = address.get();
      if (where.isPresent()) {
        Files.writeString(file, where.get());
      }
    } catch (IOException e) {
      throw new CannotStart("%s cannot be written: %s".formatted(file, e.getMessage()));
    }
  }

  @Override
  public void stop() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger("troth").log(System.Logger.Level.WARNING, file + " cannot be removed", e);
    }
  }
}
