package dev.troth.server.endpoint;

import dev.troth.watch.change.Subject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The links in messages. One that does something without a login carries what it does and a
 * signature over it, under a key derived from the platform's: nobody can guess or change it.
 *
 * <p>The way is {@code /confirm/TOKEN} or {@code /unsubscribe/TOKEN}, a token {@code
 * base64url(lines).base64url(HMAC-SHA256)}.
 */
public final class Links {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SIGNATURE_BYTES = 24;

  private final Supplier<URI> base;
  private final Supplier<SecretKey> key;

  /**
   * @param base where users reach the platform, without a slash at its end; asked for once there is
   *     a message
   * @param key the platform's signing key
   */
  public Links(Supplier<URI> base, Supplier<SecretKey> key) {
    this.base = base;
    this.key = key;
  }

  /** What a link does. */
  public sealed interface Deed {

    /**
     * Confirms an address, as long as the endpoint has this one.
     *
     * @param until afterwards the link does nothing
     */
    record Confirm(long endpoint, String address, Instant until) implements Deed {}

    /** No more is to be sent. */
    sealed interface Stop extends Deed {}

    /**
     * Takes a channel off a watch.
     *
     * @param term any of the watch's
     */
    record Unsubscribe(long term, String channel) implements Stop {}

    /** Takes a channel off all watches of a user. */
    record UnsubscribeAll(String user, String channel) implements Stop {}
  }

  /** Where a subject can be seen, for whoever may. */
  public URI open(Subject subject) {
    String path =
        Arrays.stream(subject.toString().split("/", -1))
            .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
    return at("/go/" + path);
  }

  /** A page of the console. */
  public URI page(String path) {
    return base.get().resolve(path);
  }

  /** The link that does something. */
  public URI to(Deed deed) {
    String way =
        switch (deed) {
          case Deed.Confirm _ -> "/confirm/";
          case Deed.Unsubscribe _, Deed.UnsubscribeAll _ -> "/unsubscribe/";
        };
    byte[] lines = lines(deed).getBytes(StandardCharsets.UTF_8);
    return at(way + text(lines) + "." + text(sign(lines)));
  }

  private URI at(String path) {
    return URI.create(base.get() + path);
  }

  private static String lines(Deed deed) {
    return switch (deed) {
      case Deed.Confirm(long endpoint, String address, Instant until) ->
          "confirm\n%d\n%s\n%d".formatted(endpoint, address, until.getEpochSecond());
      case Deed.Unsubscribe(long term, String channel) ->
          "unsubscribe\n%d\n%s".formatted(term, channel);
      case Deed.UnsubscribeAll(String user, String channel) ->
          "unsubscribe all\n%s\n%s".formatted(user, channel);
    };
  }

  /** The private address of a feed. */
  public URI feed(String nonce) {
    byte[] lines = ("feed\n" + nonce).getBytes(StandardCharsets.UTF_8);
    return at("/feed/" + text(lines) + "." + text(sign(lines)));
  }

  /** Which feed a token is the address of; empty when this platform never signed it. */
  public Optional<String> readFeed(String token) {
    return lines(token).filter(line -> line[0].equals("feed")).map(line -> line[1]);
  }

  /** What a token does; empty when this platform never signed it. */
  public Optional<Deed> read(String token) {
    return lines(token).flatMap(Links::deed);
  }

  private static Optional<Deed> deed(String[] line) {
    try {
      return switch (line[0]) {
        case "confirm" ->
            Optional.of(
                new Deed.Confirm(
                    Long.parseLong(line[1]),
                    line[2],
                    Instant.ofEpochSecond(Long.parseLong(line[3]))));
        case "unsubscribe" -> Optional.of(new Deed.Unsubscribe(Long.parseLong(line[1]), line[2]));
        case "unsubscribe all" -> Optional.of(new Deed.UnsubscribeAll(line[1], line[2]));
        default -> Optional.empty();
      };
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The lines of a token, if they are signed. */
  private Optional<String[]> lines(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 2) {
      return Optional.empty();
    }
    try {
      byte[] lines = Base64.getUrlDecoder().decode(parts[0]);
      byte[] signature = Base64.getUrlDecoder().decode(parts[1]);
      return MessageDigest.isEqual(signature, sign(lines))
          ? Optional.of(new String(lines, StandardCharsets.UTF_8).split("\n", -1))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private byte[] sign(byte[] lines) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key.get());
      // A key for links alone, so that no link can stand for a token.
      byte[] own = mac.doFinal("troth links 1".getBytes(StandardCharsets.UTF_8));
      mac.init(new SecretKeySpec(own, ALGORITHM));
      return Arrays.copyOf(mac.doFinal(lines), SIGNATURE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
