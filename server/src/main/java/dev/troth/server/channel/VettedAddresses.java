package dev.troth.server.channel;

import dev.troth.watch.webhook.AddressRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a name once and lets only vetted addresses pass. The client connects to exactly these,
 * so a name that answers otherwise a moment later (DNS rebinding) gains nothing.
 */
public final class VettedAddresses implements DnsResolver {
  private final DnsResolver names;
  private final AddressRule rule;

  public VettedAddresses(DnsResolver names, AddressRule rule) {
    this.names = names;
    this.rule = rule;
  }

  /** An address that must not be reached. */
  static final class Closed extends UnknownHostException {
    private static final long serialVersionUID = 1;

    Closed(String host, String why) {
      super("%s may not be reached: %s".formatted(host, why));
    }
  }

  @Override
  public InetAddress[] resolve(@Nullable String host) throws UnknownHostException {
    InetAddress[] found = names.resolve(host);
    for (InetAddress address : found) {
      Optional<String> refusal = rule.refusal(address);
      if (refusal.isPresent()) {
        throw new Closed(String.valueOf(host), refusal.get());
      }
    }
    return found;
  }

  @Override
  public @Nullable String resolveCanonicalHostname(@Nullable String host) {
    return host;
  }
}
