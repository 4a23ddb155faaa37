package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.ServerOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code troth watch template}: how messages are worded. */
@Command(
    name = "template",
    description = "How messages are worded; preference set --title sets it for a channel.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TemplateCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "a sub-command is missing, expected preview");
  }

  @Command(
      description = "Shows a change worded by a template, by default the newest.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int preview(
      @Parameters(
              paramLabel = "TEMPLATE",
              description =
                  "Words and places: {headline}, {name}, {subject}, {id}, {type}, {what}, {actor}, {at},"
                      + " {before.FIELD}, {after.FIELD}; [brackets] are left out with an empty place.")
          String title,
      @Option(names = "--change", paramLabel = "SEQ", description = "Another change.")
          @Nullable Long change,
      @Option(
              names = "--user",
              paramLabel = "USER",
              description = "As another user reads it (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("title", title);
    if (change != null) {
      body.put("change", change);
    }
    if (user != null) {
      body.put("user", user);
    }
    JsonNode shown = server.client().post("/api/preferences/preview", body).document();
    var out = requireNonNull(spec).commandLine().getOut();
    out.println(shown.get("title").asString());
    out.flush();
    return ExitCode.OK;
  }
}
