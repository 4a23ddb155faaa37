package dev.troth.server;

import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.Retention;
import dev.troth.server.change.Revisions;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.channel.ConsoleChannel;
import dev.troth.server.channel.VettedAddresses;
import dev.troth.server.channel.WebhookChannel;
import dev.troth.server.config.Config;
import dev.troth.server.db.Database;
import dev.troth.server.delivery.CircuitBreaker;
import dev.troth.server.delivery.DeliveryRoutes;
import dev.troth.server.delivery.DeliveryStore;
import dev.troth.server.delivery.DeliveryWorker;
import dev.troth.server.delivery.DispatchLoop;
import dev.troth.server.delivery.SqliteFanOutStore;
import dev.troth.server.delivery.Wakeup;
import dev.troth.server.endpoint.EndpointRoutes;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.event.EventRoutes;
import dev.troth.server.event.EventStore;
import dev.troth.server.http.IdempotencyStore;
import dev.troth.server.http.Routes;
import dev.troth.server.inbox.InboxRoutes;
import dev.troth.server.inbox.InboxStore;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.original.OriginalRoutes;
import dev.troth.server.record.RecordRoutes;
import dev.troth.server.record.RecordStore;
import dev.troth.server.stream.InboxFollower;
import dev.troth.server.stream.OpenStreams;
import dev.troth.server.stream.StreamRoutes;
import dev.troth.server.subject.SubjectRoutes;
import dev.troth.server.watch.FormerFilters;
import dev.troth.server.watch.WatchRoutes;
import dev.troth.server.watch.WatchStore;
import dev.troth.server.watch.Watches;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.RetryPolicy;
import dev.troth.watch.fanout.Dispatcher;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/** Watch, assembled: its parts, its routes, and the change log that all rooms append to. */
public final class WatchRoom {
  private final SqliteChangeLog changes;
  private final List<Routes> routes;
  private final List<Lifecycle> parts;
  private final OpenStreams streams;
  private final Watching watching;

  public WatchRoom(Database database, Clock clock, Config.Watch config) {
    changes = new SqliteChangeLog(database, clock, SqliteFanOutStore::begin);
    ChangeFeed feed = changes.feed();
    streams = new OpenStreams(feed);
    Revisions touches = new Revisions(feed);
    IdempotencyStore writes = new IdempotencyStore(database, clock);
    RecordStore records = new RecordStore(changes);
    WatchStore watches = new WatchStore(clock);
    Watches desk = new Watches(watches, touches);
    InboxStore inbox = new InboxStore(watches);
    EndpointStore endpoints = new EndpointStore(clock);
    Wakeup owedIsDue = new Wakeup();
    DeliveryStore deliveries = new DeliveryStore();
    SqliteFanOutStore fanOuts = new SqliteFanOutStore(database, owedIsDue);
    EventStore events = new EventStore(changes);
    WebhookChannel webhooks =
        new WebhookChannel(
            database,
            endpoints,
            clock,
            new VettedAddresses(SystemDefaultDnsResolver.INSTANCE, config.reachable()));
    watching = new Watching(database, new Watching.Stores(records, inbox, watches), touches, feed);
    routes =
        List.of(
            new OriginalRoutes(database, writes, records, desk),
            new RecordRoutes(database, writes, records),
            new SubjectRoutes(database, new SubjectStore(), watches),
            new WatchRoutes(database, writes, watches, desk),
            new InboxRoutes(database, inbox, touches, feed),
            new EventRoutes(writes, events),
            new StreamRoutes(
                changes, streams, new InboxFollower.Source(database, watches, inbox, touches)),
            new EndpointRoutes(database, endpoints, desk, List.of(webhooks)),
            new DeliveryRoutes(database, deliveries, clock, owedIsDue));

    Map<String, Channel> channels =
        Map.of(ConsoleChannel.NAME, new ConsoleChannel(), WebhookChannel.KIND, webhooks);
    Dispatcher.Timing timing =
        new Dispatcher.Timing(clock, RetryPolicy.STANDARD, new SecureRandom());
    Dispatcher dispatcher =
        new Dispatcher(
            fanOuts,
            channels,
            timing,
            Dispatcher.Limits.STANDARD);
    DeliveryWorker worker =
        new DeliveryWorker(
            new DeliveryWorker.Stores(
                database, deliveries, new CircuitBreaker(endpoints, deliveries, changes, clock)),
            channels,
            timing,
            owedIsDue);
    parts =
        List.of(
            new FormerFilters(database, watches),
            changes,
            webhooks,
            worker,
            new DispatchLoop(dispatcher, feed),
            new Retention(
                database,
                clock,
                config.keep(),
                List.of(events, inbox, deliveries, fanOuts, watches, records, endpoints)));
  }

  /** The log that every room appends its decisions to. */
  public SqliteChangeLog changes() {
    return changes;
  }

  /** Watch as one user meets it, for other faces than the API. */
  public Watching watching() {
    return watching;
  }

  public List<Routes> routes() {
    return routes;
  }

  /** What runs, in the order of starting; after the database and its schema. */
  public List<Lifecycle> parts() {
    return parts;
  }

  /** The open streams, which must stop before the listener does: start it after the listener. */
  public Lifecycle streams() {
    return streams;
  }
}
