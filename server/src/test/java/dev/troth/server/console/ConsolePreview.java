package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.http.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Serves the console with example figures, to look at while it is being drawn: {@code PORT}. */
final class ConsolePreview {
  private ConsolePreview() {}

  public static void main(String[] args) throws IOException {
    FakeFeeds fake =
        new FakeFeeds()
            .objectives(example("objectives.json"), example("objective.json"))
            .traces(example("traces.json"), example("trace.json"));
    fake.watch("record/1", Caller.DEVELOPER);
    fake.update("1", "Sealed, signed, delivered", Caller.DEVELOPER);
    fake.update("1", "A promise kept", Caller.DEVELOPER);
    Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:20Z"), ZoneOffset.UTC);
    Listener listener =
        new Listener(
            "http",
            new ListenAddress("127.0.0.1", Integer.parseInt(args[0])),
            new Limits(1 << 20, 100, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)),
            List.of((chain, request, response) -> {
              request.context().register(Caller.DEVELOPER);
              chain.proceed();
            }),
            List.of(new ConsoleRoutes(fake.feeds(), new NobodySignsIn(), clock, "0.1.0")));
    listener.start();
  }

  private static String example(String file) throws IOException {
    return Files.readString(Path.of("src/test/resources/console", file));
  }

  /** Everybody is the developer here. */
  private static final class NobodySignsIn implements SignIn {
    @Override
    public String open(String token, boolean https) {
      return "none=";
    }

    @Override
    public String end(Optional<String> session, boolean https) {
      return "none=";
    }
  }
}
