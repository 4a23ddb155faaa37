package dev.troth.server.console;

import dev.troth.server.TestPlatform;

/** Serves the console over a platform with a little data, to look at: {@code PORT}. */
final class ConsolePreview {
  private ConsolePreview() {}

  public static void main(String[] args) {
    TestPlatform platform = TestPlatform.start("http.listen", args[0]);
    String asAnother = "Bearer " + platform.ownersToken();
    var _ = platform.post("/api/watches", "{\"target\":\"record/*\"}");
    for (String value : new String[] {"Sealed, signed, delivered", "A promise kept"}) {
      var _ =
          platform.post(
              "/api/update/1", "{\"value\":\"%s\"}".formatted(value), "Authorization", asAnother);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(platform::close));
    System.out.println("the console is at " + platform.uri("/"));
  }
}
