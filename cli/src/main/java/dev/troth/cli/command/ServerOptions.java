package dev.troth.cli.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the platform is and who is asking: the options of every command that talks to it. */
public final class ServerOptions {
  private static final String USUAL = "http://127.0.0.1:4000";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The platform's address (default: ${DEFAULT-VALUE}, or TROTH_SERVER).",
      defaultValue = "${env:TROTH_SERVER:-" + USUAL + "}")
  private String server = USUAL;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file that holds the access token (or TROTH_TOKEN).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = {
        "A PEM file of the certificates that vouch for a platform over https, and no",
        "others (or TROTH_CA_FILE); without it those that Java trusts."
      })
  private @Nullable Path caFile;

  /** A client of that platform. */
  public ApiClient client() {
    return new ApiClient(address(), token(), trust());
  }

  /** A client of that platform that shows this token, whatever the options say. */
  public ApiClient client(String token) {
    return new ApiClient(address(), Optional.of(token), trust());
  }

  /**
   * The same, but where nothing else was said at this address.
   *
   * @param fingerprint the SHA-256 of a certificate that is trusted whatever name it has
   */
  public ApiClient clientAt(String usual, Optional<String> fingerprint, String token) {
    return new ApiClient(
        address(server.equals(USUAL) ? usual : server),
        Optional.of(token),
        fingerprint.isEmpty() ? trust() : Optional.of(PlatformTrust.of(caFile(), fingerprint)));
  }

  /** A client of the platform at another address, with the same token. */
  public ApiClient clientOf(String other) {
    return new ApiClient(address(other), token(), trust());
  }

  private Optional<SSLContext> trust() {
    return caFile().map(file -> PlatformTrust.of(Optional.of(file), Optional.empty()));
  }

  private Optional<Path> caFile() {
    Path file = caFile;
    return file != null
        ? Optional.of(file)
        : Optional.ofNullable(System.getenv("TROTH_CA_FILE"))
            .filter(name -> !name.isBlank())
            .map(Path::of);
  }

  private URI address() {
    return address(server);
  }

  private static URI address(String server) {
    try {
      URI address = URI.create(server);
      String scheme = String.valueOf(address.getScheme());
      int port = address.getPort();
      if (String.valueOf(address.getRawAuthority()).contains("@")) {
        // It would be sent nowhere, and shown wherever the platform does not answer.
        throw CommandException.usage(
            "--server holds a user or a password, expected an address without them: a token goes"
                + " with --token-file");
      }
      if ((scheme.equals("http") || scheme.equals("https"))
          && address.getHost() != null
          && (port == -1 || (port > 0 && port <= 65_535))) {
        return address;
      }
    } catch (IllegalArgumentException wrong) {
      // Answered below, as an address of another kind is.
    }
    throw CommandException.usage("--server is '" + server + "', expected an http(s) address");
  }

  private Optional<String> token() {
    Path file = tokenFile;
    if (file == null) {
      return Optional.ofNullable(System.getenv("TROTH_TOKEN"))
          .filter(t -> !t.isBlank())
          .map(token -> sendable("TROTH_TOKEN", token));
    }
    try {
      String token = Files.readString(file).strip();
      if (token.isEmpty()) {
        throw CommandException.usage("--token-file " + file + " is empty, expected a token");
      }
      return Optional.of(sendable("--token-file " + file, token));
    } catch (IOException unreadable) {
      throw CommandException.usage("--token-file " + InputFile.unreadable(file, unreadable));
    }
  }

  /** A header holds no others; what is wrong is said without the token. */
  private static String sendable(String place, String token) {
    if (!token.matches("[!-~]{1,16000}")) {
      throw CommandException.usage(
          "%s has %d characters, expected at most 16000 of ASCII without blanks and line breaks"
              .formatted(place, token.length()));
    }
    return token;
  }
}
