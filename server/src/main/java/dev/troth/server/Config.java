package dev.troth.server;

import dev.troth.server.http.ListenAddress;
import dev.troth.server.http.Listener;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The platform's settings.
 *
 * @param data the folder that holds all state
 * @param http where the API and the console listen
 * @param limits what each listener bears
 */
public record Config(Path data, ListenAddress http, Listener.Limits limits) {

  public static Config inFolder(Path data, int port) {
    return new Config(
        data,
        new ListenAddress("127.0.0.1", port),
        new Listener.Limits(1 << 20, 2_048, 1_024, Duration.ofMinutes(2), Duration.ofSeconds(10)));
  }
}
