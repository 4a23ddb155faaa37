package dev.troth.server.watch;

import dev.troth.watch.webhook.AddressRule;
import java.util.List;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * What an operator says of watch.
 *
 * @param guard looks at events before they are taken in
 * @param reachable where webhooks may go
 */
public record WatchSettings(EventGuard guard, AddressRule reachable) {
  /** Every event, and webhooks to public addresses only. */
  public static final WatchSettings STANDARD =
      new WatchSettings(EventGuard.NONE, new AddressRule(List.of()));

  VettedAddresses addresses() {
    return new VettedAddresses(SystemDefaultDnsResolver.INSTANCE, reachable);
  }
}
