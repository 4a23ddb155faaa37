package dev.troth.server;

import dev.troth.server.auth.QuietActStore;
import dev.troth.server.auth.TokenStore;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.Retention;
import dev.troth.server.change.Revisions;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.change.Trim;
import dev.troth.server.change.UserSubject;
import dev.troth.server.channel.AlertmanagerCarrier;
import dev.troth.server.channel.Carrier;
import dev.troth.server.channel.ConsoleChannel;
import dev.troth.server.channel.DiscordCarrier;
import dev.troth.server.channel.EmailCarrier;
import dev.troth.server.channel.EndpointChannel;
import dev.troth.server.channel.NtfyCarrier;
import dev.troth.server.channel.PagerDutyCarrier;
import dev.troth.server.channel.PinnedClient;
import dev.troth.server.channel.SlackCarrier;
import dev.troth.server.channel.TeamsCarrier;
import dev.troth.server.channel.VettedAddresses;
import dev.troth.server.channel.WebhookCarrier;
import dev.troth.server.channel.Wording;
import dev.troth.server.config.Config;
import dev.troth.server.config.KafkaSettings;
import dev.troth.server.console.ConsoleRoutes;
import dev.troth.server.db.Database;
import dev.troth.server.db.Parts;
import dev.troth.server.delivery.CircuitBreaker;
import dev.troth.server.delivery.Deliveries;
import dev.troth.server.delivery.DeliveryRoutes;
import dev.troth.server.delivery.DeliveryStore;
import dev.troth.server.delivery.DeliveryWorker;
import dev.troth.server.delivery.DispatchLoop;
import dev.troth.server.delivery.Pickup;
import dev.troth.server.delivery.SqliteFanOutStore;
import dev.troth.server.delivery.Wakeup;
import dev.troth.server.delivery.WatchMetrics;
import dev.troth.server.endpoint.EndpointRoutes;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.endpoint.Endpoints;
import dev.troth.server.endpoint.LinkedDeeds;
import dev.troth.server.endpoint.Links;
import dev.troth.server.event.DataCheck;
import dev.troth.server.event.EventRoutes;
import dev.troth.server.event.EventStore;
import dev.troth.server.event.Events;
import dev.troth.server.feed.FeedRoutes;
import dev.troth.server.feed.Feeds;
import dev.troth.server.group.GroupRoutes;
import dev.troth.server.group.Groups;
import dev.troth.server.http.Routes;
import dev.troth.server.http.UnansweredWrites;
import dev.troth.server.http.idempotency.IdempotencyStore;
import dev.troth.server.identity.AccessTokens;
import dev.troth.server.identity.Logins;
import dev.troth.server.inbox.Inbox;
import dev.troth.server.inbox.InboxRoutes;
import dev.troth.server.inbox.InboxStore;
import dev.troth.server.inbox.MarkStore;
import dev.troth.server.incident.Paging;
import dev.troth.server.kafka.PositionStore;
import dev.troth.server.oncall.EscalationRunner;
import dev.troth.server.oncall.Escalations;
import dev.troth.server.oncall.OncallRoutes;
import dev.troth.server.oncall.OncallStore;
import dev.troth.server.openid.SignIn;
import dev.troth.server.operations.OpenApiRoutes;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import dev.troth.server.original.OriginalRoutes;
import dev.troth.server.record.RecordRoutes;
import dev.troth.server.record.RecordStore;
import dev.troth.server.record.Records;
import dev.troth.server.rows.AllowedFolders;
import dev.troth.server.source.HookRoutes;
import dev.troth.server.source.Hooks;
import dev.troth.server.source.SourceRoutes;
import dev.troth.server.source.SourceRunner;
import dev.troth.server.source.Sources;
import dev.troth.server.stream.Followed;
import dev.troth.server.stream.OpenStreams;
import dev.troth.server.stream.StreamRoutes;
import dev.troth.server.subject.SubjectRoutes;
import dev.troth.server.subject.Subjects;
import dev.troth.server.terms.PersonalTerms;
import dev.troth.server.terms.TermsRoutes;
import dev.troth.server.terms.TermsStore;
import dev.troth.server.watch.FormerFilters;
import dev.troth.server.watch.WatchRoutes;
import dev.troth.server.watch.WatchStore;
import dev.troth.server.watch.Watches;
import dev.troth.server.why.Explanations;
import dev.troth.server.why.WhyRoutes;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import dev.troth.watch.delivery.AddressedChannel;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.RetryPolicy;
import dev.troth.watch.fanout.Dispatcher;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jdbi.v3.core.Handle;

/** Watch, assembled: its parts, its routes, and the change log that all rooms append to. */
public final class WatchRoom {
  private final SqliteChangeLog changes;
  private final Revisions revisions;
  private final List<Routes> routes;
  private final List<Lifecycle> lifecycles;
  private final OpenStreams streams;
  private final WatchMetrics figures;
  private final Records records;
  private final Subjects subjects;
  private final Watches watches;
  private final Sources sources;
  private final Inbox inbox;
  private final Endpoints book;
  private final LinkedDeeds linkedDeeds;
  private final Feeds feeds;
  private final Explanations explanations;
  private final PersonalTerms terms;
  private final ConsoleRoutes.Team team;

  /** What the room takes from the rest of the platform, besides the database and the time. */
  public record Ground(
      SqliteChangeLog changes,
      Config.Watch config,
      Visibility visibility,
      Feeds.Standing standing,
      Links links,
      DataCheck schemas,
      UnansweredWrites unanswered,
      QuietActStore acts) {}

  public WatchRoom(Database database, Clock clock, Ground ground) {
    changes = ground.changes();
    Config.Watch config = ground.config();
    Visibility visibility = ground.visibility();
    ChangeFeed feed = changes.feed();
    streams = new OpenStreams(feed);
    revisions = new Revisions(database, feed);
    IdempotencyStore writes = new IdempotencyStore(database, clock);
    WatchStore watchStore = new WatchStore(clock);
    InboxStore inboxStore = new InboxStore(watchStore, visibility, changes::head);
    EndpointStore endpoints = new EndpointStore(clock);
    Wakeup owedIsDue = new Wakeup();
    DeliveryStore deliveries = new DeliveryStore(visibility, feed::find);
    CircuitBreaker breaker = new CircuitBreaker(endpoints, deliveries, changes, clock);
    Parts parts = new Parts(database, "watch");
    EventStore eventStore = new EventStore(changes);
    Events events = new Events(eventStore);
    RecordStore recordStore = new RecordStore(changes);
    PinnedClient client =
        new PinnedClient(
            clock, new VettedAddresses(SystemDefaultDnsResolver.INSTANCE, config.reachable()));
    Optional<EmailCarrier> mail = config.mail().map(settings -> new EmailCarrier(settings, clock));
    // The ways to write to users' addresses; the first is meant where none is named.
    List<Carrier> carriers = new ArrayList<>();
    carriers.add(new WebhookCarrier(client, clock));
    carriers.add(new SlackCarrier(client));
    carriers.add(new TeamsCarrier(client));
    carriers.add(new DiscordCarrier(client));
    carriers.add(new NtfyCarrier(client));
    carriers.add(new PagerDutyCarrier(client));
    carriers.add(new AlertmanagerCarrier(client, clock));
    mail.ifPresent(carriers::add);
    List<AddressedChannel> addressed =
        carriers.stream()
            .<AddressedChannel>map(carrier ->
                new EndpointChannel(database, endpoints, ground.links(), carrier, this::wording))
            .toList();
    Map<String, Channel> channels = new LinkedHashMap<>();
    channels.put(ConsoleChannel.NAME, new ConsoleChannel());
    addressed.forEach(channel -> channels.put(channel.name(), channel));
    TermsStore termsStore = new TermsStore();
    Pickup pickup = new Pickup(termsStore, deliveries, channels, clock);
    Deliveries sent = new Deliveries(database, deliveries, clock, owedIsDue, pickup);
    SortedMap<String, Boolean> kinds = new TreeMap<>();
    addressed.forEach(channel -> kinds.put(channel.name(), channel.digests()));
    terms =
        new PersonalTerms(
            database,
            termsStore,
            kinds,
            (handle, user) -> {
              sent.askAgain(handle, user);
              revisions.touchWatches(handle, user);
            },
            changes,
            clock);
    SqliteFanOutStore fanOuts =
        new SqliteFanOutStore(database, feed, owedIsDue, visibility, parts, pickup);
    watches =
        new Watches(
            database,
            watchStore,
            revisions,
            visibility,
            (handle, user) -> {
              SortedSet<String> known = new TreeSet<>(endpoints.channels(handle, user));
              known.addAll(List.of(WatchSettings.INBOX, ConsoleChannel.NAME));
              return known;
            },
            ground.acts());
    records =
        new Records(
            database,
            recordStore,
            (handle, user, record) -> {
              if (terms.watchesCreated(handle, user)) {
                watches.watchIfRoom(handle, user, new Target.One(record));
              }
            });
    SortedSet<String> reached = new TreeSet<>(channels.keySet());
    reached.add(WatchSettings.INBOX);
    Groups groups = new Groups(database, watches, changes, visibility, clock, reached);
    inbox = new Inbox(database, inboxStore, revisions, feed, visibility, ground.acts());
    subjects = new Subjects(database, new SubjectStore(), watchStore, visibility);
    book =
        new Endpoints(
            database,
            endpoints,
            watches,
            new Endpoints.Ground(changes, ground.links(), clock, groups::reached),
            addressed,
            breaker::release);
    linkedDeeds = new LinkedDeeds(database, endpoints, book, watches, ground.links(), clock);
    SourceRunner runner =
        new SourceRunner(
            database,
            changes,
            new SourceRunner.Ways(
                client, config.reachable(), new AllowedFolders(config.folders()), events),
            clock);
    sources = runner.sources();
    explanations = new Explanations(database, watchStore, endpoints, visibility);
    OncallStore oncallStore = new OncallStore();
    Escalations escalations =
        new Escalations(database, oncallStore, watches, endpoints, changes, visibility, clock);
    team = new ConsoleRoutes.Team(groups, escalations);
    feeds =
        new Feeds(
            database, inbox, new Feeds.Ground(changes, ground.links(), ground.standing(), clock));
    routes =
        List.of(
            new OpenApiRoutes(),
            new OriginalRoutes(writes, records, watches),
            new RecordRoutes(writes, records),
            new SubjectRoutes(subjects),
            new WatchRoutes(writes, watches, clock),
            new InboxRoutes(inbox),
            new EventRoutes(writes, events, config.events(), ground.schemas()),
            new HookRoutes(new Hooks(database, events, clock)),
            new StreamRoutes(
                new Followed(
                    database, changes, watchStore, inboxStore, revisions, visibility, clock),
                streams),
            new EndpointRoutes(book),
            new FeedRoutes(feeds, ground.links()),
            new WhyRoutes(explanations),
            new SourceRoutes(sources),
            new TermsRoutes(terms, subjects),
            new GroupRoutes(groups),
            new OncallRoutes(escalations),
            new DeliveryRoutes(sent));

    Dispatcher.Timing timing =
        new Dispatcher.Timing(clock, RetryPolicy.STANDARD, new SecureRandom());
    Dispatcher dispatcher = new Dispatcher(fanOuts, channels, timing, Dispatcher.Limits.STANDARD);
    DeliveryWorker worker =
        new DeliveryWorker(
            new DeliveryWorker.Stores(database, deliveries, breaker, parts, pickup),
            channels,
            timing,
            owedIsDue);
    List<Trim> trims =
        new ArrayList<>(
            List.of(
                eventStore,
                new MarkStore(),
                deliveries,
                fanOuts,
                watchStore,
                recordStore,
                endpoints,
                oncallStore));
    config
        .kafka()
        .flatMap(KafkaSettings::out)
        .ifPresent(topic -> trims.add(new PositionStore(topic)));
    figures = new WatchMetrics(database, worker, clock);
    lifecycles =
        new ArrayList<>(List.of(revisions, new FormerFilters(database, watchStore), client));
    mail.ifPresent(lifecycles::add);
    lifecycles.addAll(
        List.of(
            worker,
            runner,
            new EscalationRunner(database, escalations),
            new DispatchLoop(dispatcher, feed, parts, ground.unanswered()::goFirst),
            new Retention(database, clock, config.keep(), trims)));
  }

  /** To whom a subject belongs, of the types that belong to a user. */
  static Optional<String> owner(Handle handle, Subject subject) {
    return switch (subject.type()) {
      case "token" -> TokenStore.owner(handle, subject.id());
      case "endpoint" -> EndpointStore.owner(handle, subject.id());
      case "feed", "terms" -> UserSubject.owner(subject.id());
      case "watch" -> WatchStore.owner(handle, subject.id());
      default -> Optional.empty();
    };
  }

  /** How a user reads messages; asked once the room stands. */
  private Wording wording(Handle handle, Notification notification) {
    return new Wording(
        terms.title(handle, notification),
        terms.times(handle, notification.watch().user()).orElse(Wording::plain));
  }

  /** What moves beside the log. */
  public Revisions revisions() {
    return revisions;
  }

  public Records records() {
    return records;
  }

  /** Everything that ever changed. */
  public Subjects subjects() {
    return subjects;
  }

  public Watches watches() {
    return watches;
  }

  /** What changes come from that nobody sends in. */
  public Sources sources() {
    return sources;
  }

  public Inbox inbox() {
    return inbox;
  }

  /** Who is paged, and who looks after what. */
  Paging escalations() {
    return team.escalations();
  }

  /** Why users were told, or were not. */
  public Explanations explanations() {
    return explanations;
  }

  /** What belongs to one user, for the console. */
  ConsoleRoutes.Account account(AccessTokens tokens, Logins logins, Optional<SignIn> openId) {
    return new ConsoleRoutes.Account(tokens, logins, openId, book, linkedDeeds, feeds, terms, team);
  }

  public void addTo(Metrics metrics) {
    figures.addTo(metrics);
    sources.addTo(metrics);
  }

  public List<Routes> routes() {
    return routes;
  }

  /** What runs, in the order of starting; after the database and its schema. */
  public List<Lifecycle> parts() {
    return lifecycles;
  }

  /** The open streams, which must stop before the listener does: start it after the listener. */
  public OpenStreams streams() {
    return streams;
  }
}
