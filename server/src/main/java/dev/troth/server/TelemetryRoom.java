package dev.troth.server;

import dev.troth.server.agent.AgentStage;
import dev.troth.server.breakdown.BreakdownRoutes;
import dev.troth.server.change.Revisions;
import dev.troth.server.config.Config;
import dev.troth.server.config.OpenIdSettings;
import dev.troth.server.db.Database;
import dev.troth.server.http.Routes;
import dev.troth.server.incident.AlertChanges;
import dev.troth.server.incident.AlertTeller;
import dev.troth.server.incident.IncidentRoutes;
import dev.troth.server.incident.Incidents;
import dev.troth.server.incident.Paging;
import dev.troth.server.objective.Agreement;
import dev.troth.server.objective.LossDoubts;
import dev.troth.server.objective.ObjectiveFolder;
import dev.troth.server.objective.ObjectiveRoutes;
import dev.troth.server.objective.ObjectiveStage;
import dev.troth.server.objective.Objectives;
import dev.troth.server.objective.TelemetryLosses;
import dev.troth.server.objective.TelemetryMetrics;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import dev.troth.server.telemetry.CommitNotice;
import dev.troth.server.telemetry.Forwarder;
import dev.troth.server.telemetry.Intake;
import dev.troth.server.telemetry.OtlpGrpcRoutes;
import dev.troth.server.telemetry.OtlpRoutes;
import dev.troth.server.telemetry.Stage;
import dev.troth.server.trace.BadRequestRoutes;
import dev.troth.server.trace.BadRequests;
import dev.troth.server.trace.BadTraces;
import dev.troth.server.trace.ServiceMaps;
import dev.troth.server.trace.TraceRoutes;
import dev.troth.server.trace.TraceStore;
import dev.troth.server.trace.TraceViewStore;
import dev.troth.server.trace.Traces;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.file.Loaded;
import dev.troth.watch.change.ChangeLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Telemetry and objectives, assembled: receivers, the intake, the stores, the API. */
public final class TelemetryRoom {
  private final ObjectiveStage objectives;
  private final Objectives desk;
  private final Incidents incidents;
  private final Clock clock;
  private final Traces traces;
  private final ServiceMaps maps;
  private final BadRequests badRequests;
  private final BadTraces badTraces;
  private final AgentStage agents;
  private final Intake intake;
  private final Forwarder forwarder;
  private final TelemetryLosses losses;
  private final Agreement agreement;
  private final int bodyBytes;
  private final Optional<SpanRoom> spans;

  public TelemetryRoom(
      Database database,
      Clock clock,
      Config config,
      ChangeLog<Handle> changes,
      Revisions revisions,
      Paging paging) {
    this.clock = clock;
    Config.Telemetry settings = config.telemetry();
    Loaded loaded = ObjectiveFolder.read(settings.files());
    Limits limits =
        new Limits(settings.watermark(), Limits.DEFAULT.lateness(), settings.openBytes());
    AlertTeller teller =
        new AlertTeller(
            new AlertChanges(changes, loaded.objectives(), new LossDoubts(loaded.objectives())),
            paging);
    objectives =
        new ObjectiveStage(
            database,
            clock,
            new ObjectiveStage.Sources(
                loaded, limits, settings.kafka().isPresent(), config.watch().keep()),
            teller);
    incidents = new Incidents(database, teller, paging, clock);
    desk = new Objectives(objectives, incidents, database, settings.watermark());
    TraceViewStore views = new TraceViewStore(database);
    badTraces = new BadTraces(views, desk::bad, keeping(settings, loaded));
    int spansKept = settings.traces().spans();
    TraceStore store = new TraceStore(spansKept, spansKept / 4, badTraces);
    agents = new AgentStage(changes);
    spans =
        settings
            .kafka()
            .map(kafka -> new SpanRoom(kafka, database, clock, loaded.objectives(), limits));
    intake =
        new Intake(
            database,
            clock,
            Intake.Limits.DEFAULT,
            List.of(objectives, store, badTraces, agents, moved(database, revisions)),
            spans.map(SpanRoom::carrier));
    forwarder = new Forwarder(settings.forward());
    agreement = new Agreement(database, settings.files(), shared(config));
    bodyBytes = settings.bodyBytes();
    losses = new TelemetryLosses(intake, forwarder, objectives);
    traces = new Traces(views, desk::verdicts, losses::counts, clock);
    maps = new ServiceMaps(views, revisions::traces);
    badRequests =
        new BadRequests(views, desk::bad, () -> clock.instant().minus(settings.watermark()));
  }

  /** Where no objective judges spans, no trace is bad. */
  private static BadTraces.Keeping keeping(Config.Telemetry settings, Loaded loaded) {
    boolean judges =
        loaded.objectives().stream().anyMatch(objective -> objective.chain().isPresent());
    return new BadTraces.Keeping(
        settings.watermark(),
        judges ? settings.traces().badBytes() : 0,
        settings.traces().badAge());
  }

  /** Settings by which requests are counted, and by which all of a database is read and kept. */
  private static Map<String, String> shared(Config config) {
    return Map.of(
        "auth.mode",
        config.auth().mode().toString(),
        "auth.openid",
        config.auth().openId().map(OpenIdSettings::toString).orElse("off"),
        "visibility",
        new TreeMap<>(config.auth().visibility()).toString(),
        "watch.keep",
        config.watch().keep().toString(),
        "slo.watermark",
        config.telemetry().watermark().toString(),
        "telemetry.kafka",
        config
            .telemetry()
            .kafka()
            .map(kafka -> "topic %s, group %s".formatted(kafka.in().getFirst(), kafka.group()))
            .orElse("off"));
  }

  /** What is other than it should be although everything works. */
  public List<String> warnings() {
    return agreement.differences();
  }

  /** Open pages hear of what was committed. */
  private static Stage moved(Database database, Revisions revisions) {
    return new CommitNotice(
        database,
        revisions::tellMeasured,
        () -> {
          revisions.touchObjectives();
          revisions.touchTraces();
        });
  }

  /** What runs, in the order of starting; after the database, its schema and the change log. */
  public List<Lifecycle> parts() {
    List<Lifecycle> parts = new ArrayList<>(List.of(agreement, objectives, forwarder));
    spans.ifPresent(room -> parts.add(room.sending()));
    parts.add(intake);
    spans.ifPresent(room -> parts.add(room.judging()));
    return parts;
  }

  /** The API. */
  public List<Routes> routes() {
    return List.of(
        new ObjectiveRoutes(desk),
        new BreakdownRoutes(desk.breakdown()),
        new IncidentRoutes(incidents, clock),
        new TraceRoutes(traces),
        new BadRequestRoutes(
            badRequests, desk::steps, name -> desk.breakdown().grouping(name).isPresent()));
  }

  /** The paths of OTLP over HTTP. */
  public List<Routes> otlpRoutes() {
    return List.of(new OtlpRoutes(intake, forwarder, bodyBytes));
  }

  /** The services of OTLP over gRPC. */
  public OtlpGrpcRoutes otlpGrpc() {
    return new OtlpGrpcRoutes(intake, forwarder, bodyBytes);
  }

  /** Adds the room's measurements. */
  public void addTo(Metrics metrics) {
    new TelemetryMetrics(objectives, intake, losses).addTo(metrics);
    agents.addTo(metrics);
    badTraces.addTo(metrics);
    spans.ifPresent(room -> room.addTo(metrics));
  }

  /** How objectives stand, for the console. */
  public Objectives objectives() {
    return desk;
  }

  /** What went wrong, for the console. */
  Incidents incidents() {
    return incidents;
  }

  /** What was received, for the console. */
  BadRequests badRequests() {
    return badRequests;
  }

  ServiceMaps maps() {
    return maps;
  }

  public Traces traces() {
    return traces;
  }
}
