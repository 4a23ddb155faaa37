package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code troth watch group}: users that are watched for as one. */
@Command(
    name = "group",
    description = "Groups of users that share watches (admin).",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GroupCommand implements Runnable {
  private static final String PATH = "/api/groups";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a sub-command is missing, expected list, set, watch, unwatch or remove");
  }

  @Command(description = "Lists groups.", mixinStandardHelpOptions = true)
  int list(@Mixin ServerOptions server) {
    server.client().get(PATH).document().get("items").forEach(this::print);
    out().flush();
    return ExitCode.OK;
  }

  @Command(
      description = "Makes a group of these users, or gives one other members.",
      mixinStandardHelpOptions = true)
  int set(
      @Parameters(paramLabel = "GROUP", description = "Its name.") String name,
      @Parameters(paramLabel = "USER", arity = "0..*", description = "Its members, all of them.")
          @Nullable List<String> members,
      @Mixin ServerOptions server) {
    Map<String, Object> body = Map.of("members", members == null ? List.of() : members);
    return printed(server.client().put(PATH + "/" + encode(name), body));
  }

  @Command(
      description = "Watches a target for all members.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int watch(
      @Parameters(paramLabel = "GROUP", description = "Its name.") String name,
      @Parameters(paramLabel = "TARGET", description = "Such as record/1 or order/*.")
          String target,
      @Option(names = "--filter", paramLabel = "CONDITION", description = "In CEL.")
          @Nullable String filter,
      @Option(
              names = "--level",
              paramLabel = "LEVEL",
              description = "none, participating, all (default), custom or ignore.")
          @Nullable String level,
      @Option(
              names = "--type",
              paramLabel = "TYPE",
              description = "A change type to be told of; may be repeated; implies level custom.")
          @Nullable Set<String> types,
      @Option(
              names = "--channel",
              paramLabel = "NAME",
              description =
                  "A channel besides the inbox, for members with an address there; repeatable.")
          @Nullable Set<String> channels,
      @Mixin ServerOptions server) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("target", target);
    put(body, "filter", filter);
    put(body, "level", level);
    put(body, "types", types);
    put(body, "channels", channels);
    return printed(server.client().post("%s/%s/watches".formatted(PATH, encode(name)), body));
  }

  @Command(description = "Ends a watch for all members.", mixinStandardHelpOptions = true)
  int unwatch(
      @Parameters(paramLabel = "GROUP", description = "Its name.") String name,
      @Parameters(paramLabel = "TARGET", description = "What is watched.") String target,
      @Mixin ServerOptions server) {
    return printed(
        server
            .client()
            .delete("%s/%s/watches?target=%s".formatted(PATH, encode(name), encode(target))));
  }

  @Command(description = "Removes a group.", mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = "GROUP", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    var _ = server.client().delete(PATH + "/" + encode(name));
    out().println("removed group " + name);
    out().flush();
    return ExitCode.OK;
  }

  private int printed(ApiClient.Answer answer) {
    print(answer.document());
    out().flush();
    return ExitCode.OK;
  }

  private void print(JsonNode group) {
    List<String> members = group.get("members").valueStream().map(JsonNode::asString).toList();
    List<String> targets =
        group.get("watches").valueStream().map(wish -> wish.get("target").asString()).toList();
    out()
        .printf(
            "%s: %s; watches %s%n",
            group.get("name").asString(),
            members.isEmpty() ? "nobody" : String.join(", ", members),
            targets.isEmpty() ? "nothing" : String.join(", ", targets));
  }

  private static void put(Map<String, Object> body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
