package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.Printable;
import dev.troth.server.auth.Role;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code troth token}: issues, lists and revokes access tokens. */
@Command(
    name = "token",
    description = "Issues, lists and revokes access tokens.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TokenCommand.Create.class,
      TokenCommand.ListTokens.class,
      TokenCommand.Revoke.class
    })
public final class TokenCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec command = requireNonNull(spec);
    command.commandLine().usage(command.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** {@code troth token create}: prints the text of a new token, alone on standard output. */
  @Command(
      name = "create",
      description = "Issues a token and prints it; it is shown only here.",
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;
    @Mixin private OwnerOptions owner = new OwnerOptions();

    @Option(names = "--user", required = true, description = "Whose token it is.")
    private String user = "";

    @Option(
        names = "--role",
        required = true,
        description = "What they may do: reader, member or admin.")
    private String role = "";

    @Option(
        names = "--for",
        paramLabel = "TIME",
        defaultValue = "30d",
        description = "How long it is valid (default: ${DEFAULT-VALUE}).")
    private String life = "30d";

    @Option(names = "--note", defaultValue = "", description = "Why it exists.")
    private String note = "";

    @Override
    public Integer call() {
      Map<String, Object> wish = new LinkedHashMap<>();
      wish.put("user", user);
      wish.put("role", roleOf(role).toString());
      wish.put("life", life);
      wish.put("note", note);
      Issued token = owner.client().post("/api/tokens", wish).as(Issued.class);
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      out.println(token.token());
      out.flush();
      return ExitCode.OK;
    }

    private record Issued(String token) {}

    private static Role roleOf(String text) {
      try {
        return Role.parse(text);
      } catch (IllegalArgumentException e) {
        throw CommandException.usage("--" + e.getMessage());
      }
    }
  }

  /** {@code troth token list}: one token a line. */
  @Command(
      name = "list",
      description = "Lists tokens, the newest first; never their text.",
      mixinStandardHelpOptions = true)
  static final class ListTokens implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;
    @Mixin private OwnerOptions owner = new OwnerOptions();

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "text or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TEXT;

    @Override
    public Integer call() {
      List<JsonNode> tokens = tokens(owner.client());
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      switch (format) {
        case JSON ->
            out.println(
                JsonNodeFactory.instance
                    .objectNode()
                    .set("tokens", JsonNodeFactory.instance.arrayNode().addAll(tokens)));
        case TEXT -> {
          for (JsonNode document : tokens) {
            Token token = new ApiClient.Answer(200, document).as(Token.class);
            out.println(
                Printable.line(
                    "%s  %-7s %-7s %-20s %s"
                        .formatted(
                            token.id(), token.state(), token.role(), token.user(), token.note())));
          }
        }
      }
      out.flush();
      return ExitCode.OK;
    }

    /** All tokens as they were answered, read page by page. */
    private static List<JsonNode> tokens(ApiClient client) {
      List<JsonNode> all = new ArrayList<>();
      TokenPage page = client.get("/api/tokens?limit=500").as(TokenPage.class);
      all.addAll(page.tokens());
      while (page.next() != null) {
        page = client.get("/api/tokens?limit=500&before=" + page.next()).as(TokenPage.class);
        all.addAll(page.tokens());
      }
      return all;
    }

    private record TokenPage(List<JsonNode> tokens, @Nullable String next) {}

    private record Token(
        String id,
        String user,
        String role,
        @Nullable String note,
        @Nullable String revokedAt,
        boolean expired) {
      String state() {
        if (revokedAt != null) {
          return "revoked";
        }
        return expired ? "expired" : "valid";
      }
    }
  }

  /** {@code troth token revoke}: ends a token, and every login that was made with it. */
  @Command(
      name = "revoke",
      description = "Revokes a token and the logins made with it, at once.",
      mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    @Mixin private OwnerOptions owner = new OwnerOptions();

    @Parameters(paramLabel = "ID", description = "The id that 'token list' shows.")
    private String id = "";

    @Override
    public Integer call() {
      if (!id.matches("[0-9a-f]{1,64}")) {
        throw CommandException.usage("ID is '" + id + "', expected hexadecimal digits");
      }
      owner.client().delete("/api/tokens/" + id);
      return ExitCode.OK;
    }
  }
}
