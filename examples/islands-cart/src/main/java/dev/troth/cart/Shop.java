package dev.troth.cart;

import dev.troth.server.auth.Identification;
import dev.troth.server.auth.SigningKey;
import dev.troth.server.auth.Verdict;
import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.console.site.Site;
import dev.troth.server.db.Database;
import dev.troth.server.db.Migrator;
import dev.troth.server.guard.Guard;
import dev.troth.server.http.AcceptedSockets;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Listener;
import dev.troth.server.http.Observe;
import dev.troth.server.http.PackedBodies;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.limit.ByteBudget;
import dev.troth.server.limit.ClientAddresses;
import dev.troth.server.limit.Connections;
import dev.troth.server.limit.Places;
import dev.troth.server.limit.RequestRates;
import dev.troth.server.limit.Shares;
import dev.troth.server.operations.HealthRoutes;
import dev.troth.server.operations.MetricsRoutes;
import dev.troth.server.ops.DataFolder;
import dev.troth.server.ops.Health;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A running shop on one port: the page, the carts, and what guards them, all of it the platform's.
 *
 * <pre>{@code
 * try (Shop shop = Shop.start(Shop.Settings.at(folder, 4200), Clock.systemUTC())) {
 *   System.out.println("http://127.0.0.1:" + shop.port());
 * }
 * }</pre>
 */
public final class Shop implements AutoCloseable {
  private static final Limits LIMITS =
      new Limits(16 * 1024, 1_000, 500, Duration.ofSeconds(60), Duration.ofSeconds(10));
  private static final int CLIENTS_REMEMBERED = 10_000;

  private final Settings settings;
  private final Clock clock;
  private final Metrics metrics = new Metrics("0");
  private final Health health = new Health();
  private final Deque<Lifecycle> running = new ArrayDeque<>();
  private final SecureRandom random = new SecureRandom();

  /**
   * What a shop is to be.
   *
   * @param data the folder that holds the carts
   * @param port on loopback; 0 takes a free one
   * @param carts at most so many are kept
   * @param perSecond requests that one client may send a second
   */
  public record Settings(Path data, int port, int carts, double perSecond) {
    public Settings {
      if (carts < 1) {
        throw new IllegalArgumentException("carts is " + carts + ", expected 1 or more");
      }
    }

    public static Settings at(Path data, int port) {
      return new Settings(data, port, 10_000, 100);
    }
  }

  private Shop(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Opens a shop.
   *
   * @throws dev.troth.server.ops.CannotStart when something outside the program is in the way
   */
  public static Shop start(Settings settings, Clock clock) {
    Shop shop = new Shop(settings, clock);
    try {
      shop.start();
      return shop;
    } catch (RuntimeException e) {
      shop.close();
      throw e;
    }
  }

  private void start() {
    DataFolder data = started(new DataFolder(settings.data()));
    Database database = started(new Database(data.file("cart.db"), 2));
    var _ = started(new Migrator(database, Shop.class, "db/cart", clock));
    health.standsOn(database::obstacle);
    CartStore store = new CartStore(database, clock, settings.carts());
    metrics.counter(
        "troth_cart_refused", "Carts refused because the shop keeps no more.", store::refusals);
    CartCookie cookie =
        new CartCookie(SigningKey.loadOrMake(SigningKey.fileIn(settings.data()), random), random);
    ListenAddress address = new ListenAddress("127.0.0.1", settings.port());
    Connections connections =
        new Connections(LIMITS.connections() / 2, new ClientAddresses(List.of()));
    var _ =
        started(
            new Listener(
                "cart",
                address,
                LIMITS,
                List.of(new Observe("cart", metrics), guard(address, connections)),
                List.of(
                    new CartRoutes(Site.in("islands-cart"), Catalogue.bundled(), store, cookie),
                    new HealthRoutes(health),
                    new MetricsRoutes(metrics)),
                AcceptedSockets.countedBy(connections, LIMITS).andThen(PackedBodies::addTo)));
    health.ready();
  }

  /** The platform's guard, for a listener where nobody is known and nothing is closed. */
  private Guard guard(ListenAddress address, Connections connections) {
    Identification nobody =
        new Identification(token -> new Verdict.Refused("the shop knows no tokens"), false);
    return new Guard(
        address,
        new Guard.Names(List.of(), List.of()),
        new Guard.Proofs(
            nobody, new Cookies.Session(() -> "of no shop", PathPrefix.NONE, Optional.empty())),
        new Guard.Opening(path -> false, LIMITS.bodyBytes(), LIMITS.bodyBytes()),
        new Shares(
            new ByteBudget(1 << 20, 1 << 18),
            new Places(LIMITS.requests()),
            // A rate is one of real time, whatever time the shop is told.
            new RequestRates(InstantSource.system(), CLIENTS_REMEMBERED),
            new RequestRates.Rate(settings.perSecond(), 4 * settings.perSecond()),
            connections,
            new ClientAddresses(List.of())));
  }

  private <P extends Lifecycle> P started(P part) {
    part.start();
    running.push(part);
    return part;
  }

  /** The open port. */
  public int port() {
    return running.stream()
        .filter(Listener.class::isInstance)
        .map(Listener.class::cast)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the shop is closed"))
        .port();
  }

  /** Lets running requests end, then closes the data. */
  @Override
  public void close() {
    health.stopping();
    while (!running.isEmpty()) {
      running.pop().stop();
    }
  }
}
