package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.ServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth watch endpoint}: the address book. */
@Command(
    name = "endpoint",
    description = "The addresses at which a user is notified.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EndpointCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a sub-command is missing, expected add, list, test, enable or remove");
  }

  /** An address; {@link #toString} is its line in a list. */
  private record Endpoint(
      long id,
      String user,
      String channel,
      String address,
      String state,
      @Nullable String note,
      @Nullable String secret) {
    @Override
    public String toString() {
      String why = note == null || note.isEmpty() ? "" : "  " + note;
      return "%d  %s  %s  %s  (%s)%s".formatted(id, channel, address, state, user, why);
    }
  }

  private record Endpoints(List<Endpoint> items) {}

  private record Tested(boolean delivered, String detail) {}

  @Command(
      description = "Adds an address. Its channel may have a name, as webhook/ops.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int add(
      @Parameters(
              paramLabel = "CHANNEL",
              description = "The channel, such as email, slack or webhook/ops.")
          String channel,
      @Parameters(
              paramLabel = "ADDRESS",
              arity = "0..1",
              description = "The address; better in a file where it is a secret.")
          @Nullable String address,
      @Option(
              names = "--address-file",
              paramLabel = "FILE",
              description = "Reads the address from a file, so that no list of processes shows it.")
          @Nullable Path file,
      @Option(names = "--user", paramLabel = "USER", description = "For another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("channel", channel);
    body.put("address", address(address, file));
    if (user != null) {
      body.put("user", user);
    }
    Endpoint added = server.client().post("/api/endpoints", body).as(Endpoint.class);
    out().println("endpoint " + added);
    if (added.secret() != null) {
      out()
          .println("its messages are signed with " + added.secret() + ", which is shown this once");
    }
    out().flush();
    return ExitCode.OK;
  }

  private static String address(@Nullable String given, @Nullable Path file) {
    if ((given == null) == (file == null)) {
      throw CommandException.usage("expected either an ADDRESS or --address-file");
    }
    if (given != null) {
      return given;
    }
    try {
      return Files.readString(requireNonNull(file)).strip();
    } catch (IOException e) {
      throw CommandException.usage(
          "%s cannot be read, expected a file with an address".formatted(file));
    }
  }

  @Command(description = "Lists addresses.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    String whose = user == null ? "" : "?user=" + URLEncoder.encode(user, StandardCharsets.UTF_8);
    ApiClient.Answer answer = server.client().get("/api/endpoints" + whose);
    if (format == Format.JSON) {
      out().println(answer.document().toPrettyString());
      return ExitCode.OK;
    }
    List<Endpoint> found = answer.as(Endpoints.class).items();
    if (found.isEmpty()) {
      out().println("No addresses. Add one: troth watch endpoint add CHANNEL ADDRESS");
      return ExitCode.OK;
    }
    found.forEach(out()::println);
    out().flush();
    return ExitCode.OK;
  }

  @Command(
      description = "Sends a test now and says what came of it.",
      mixinStandardHelpOptions = true)
  int test(
      @Parameters(paramLabel = "ID", description = "Its number in the list.") long id,
      @Mixin ServerOptions server) {
    Tested tested =
        server.client().post("/api/endpoints/" + id + "/test", Map.of()).as(Tested.class);
    out().println((tested.delivered() ? "sent: " : "not sent: ") + tested.detail());
    out().flush();
    return tested.delivered() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  @Command(description = "Enables an address that was disabled.", mixinStandardHelpOptions = true)
  int enable(
      @Parameters(paramLabel = "ID", description = "Its number in the list.") long id,
      @Mixin ServerOptions server) {
    ApiClient.Answer enabled = server.client().post("/api/endpoints/" + id + "/enable", Map.of());
    out().println("endpoint " + enabled.as(Endpoint.class));
    return ExitCode.OK;
  }

  @Command(
      description = "Removes an address; what waits for it becomes dead letters.",
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = "ID", description = "Its number in the list.") long id,
      @Mixin ServerOptions server) {
    var _ = server.client().delete("/api/endpoints/" + id);
    out().println("removed endpoint " + id);
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
