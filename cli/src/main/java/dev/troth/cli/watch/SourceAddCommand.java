package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth watch source add}. */
@Command(
    name = "add",
    description = {
      "Adds an HTTP resource to poll, incoming webhooks, rows of a database, a queue of RabbitMQ,",
      "or files of a folder. For rows it makes a replication slot and a publication, or triggers,",
      "in that database; remove drops them."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SourceAddCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "Its name, such as weather.")
  private String name = "";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where the JSON document is, or with --select the web page.")
  private @Nullable String url;

  @Option(
      names = "--select",
      paramLabel = "CSS",
      description = "Of a web page: whose text counts, a CSS selector such as '#price'.")
  private @Nullable String select;

  @Option(
      names = "--hook",
      paramLabel = "SCHEME",
      description = "Instead of a URL: github or standard, as its sender signs.")
  private @Nullable String hook;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description = "Instead: rows of postgresql://USER@HOST/DATABASE.")
  private @Nullable String postgres;

  @Option(
      names = "--sqlite",
      paramLabel = "FILE",
      description = "Instead: rows of a SQLite file of the platform's machine.")
  private @Nullable String sqlite;

  @Option(
      names = "--rabbitmq",
      paramLabel = "URL",
      description = "Instead: messages of amqps://USER@HOST/QUEUE (amqp:// without TLS).")
  private @Nullable String rabbitmq;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Instead: files of a folder of the platform's machine.")
  private @Nullable String folder;

  @Option(
      names = "--glob",
      paramLabel = "GLOB",
      description = "Which files below the folder count, such as '**.json' (default all).")
  private @Nullable String glob;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "orders, schema.orders or 'orders(column, …)' of rows; may be repeated.")
  private @Nullable List<String> tables;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "The password of a database's user (else ~/.pgpass of the platform) or a broker's.")
  private @Nullable Path password;

  @Option(
      names = "--password-env",
      paramLabel = "VARIABLE",
      description = "Instead of a file: the variable of the environment that has the password.")
  private @Nullable String passwordVariable;

  @Option(
      names = "--broker-ca-file",
      paramLabel = "FILE",
      description =
          "Certificates in PEM that vouch for a broker (default: those that Java trusts).")
  private @Nullable Path authority;

  @Option(
      names = "--slot",
      paramLabel = "SLOT",
      description =
          "The name of the replication slot, or the beginning of the triggers' (default"
              + " troth_NAME).")
  private @Nullable String slot;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "The secret that the sender of a hook signs with.")
  private @Nullable Path secret;

  @Option(
      names = "--id",
      paramLabel = "POINTER",
      description = "Where in a hook's document, or a message, the id of its subject is.")
  private @Nullable String id;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      description = "How often to look, such as 30s or 5m (default 1m).")
  private @Nullable String every;

  @Option(
      names = "--subject",
      paramLabel = "SUBJECT",
      description =
          "What its changes are of (default http/NAME; of rows what it begins with: table).")
  private @Nullable String subject;

  @Option(
      names = "--pointer",
      paramLabel = "POINTER",
      description = "The part that counts, a JSON pointer such as /data/0.")
  private @Nullable String pointer;

  @Option(
      names = "--header",
      paramLabel = "'NAME: VALUE'",
      description = "A header to send with each request; may be repeated.")
  private @Nullable List<String> headers;

  @Mixin private ServerOptions server = new ServerOptions();

  @Override
  public Integer call() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    if (Stream.of(url, hook, postgres, sqlite, rabbitmq, folder)
            .filter(kind -> kind != null)
            .count()
        != 1) {
      throw CommandException.usage(
          "expected one of --url, --hook, --postgres, --sqlite, --rabbitmq or --folder");
    }
    if (url != null) {
      body.put("kind", "http");
      body.put("url", url);
    } else if (hook != null) {
      body.put("kind", "webhook");
      body.put("hook", hook(hook));
    } else if (folder != null) {
      body.put("kind", "files");
      body.put("url", folder);
    } else if (rabbitmq != null) {
      body.put("kind", "rabbitmq");
      body.put("url", rabbitmq);
      body.put("queue", queue());
    } else {
      body.put("kind", postgres == null ? "sqlite" : "postgresql");
      body.put("url", requireNonNull(postgres == null ? sqlite : postgres));
    }
    Map<String, Object> rows = rows();
    if (!rows.isEmpty()) {
      body.put("rows", rows);
    }
    if (glob != null) {
      body.put("glob", glob);
    }
    if (every != null) {
      body.put("every", seconds(every));
    }
    if (subject != null) {
      body.put("subject", subject);
    }
    if (select != null) {
      body.put("select", select);
    }
    if (pointer != null) {
      body.put("pointer", pointer);
    }
    if (headers != null) {
      body.put("headers", headers(headers));
    }
    SourceLine added = server.client().post("/api/sources", body).as(SourceLine.class);
    requireNonNull(spec).commandLine().getOut().println("source " + added);
    return ExitCode.OK;
  }

  private Map<String, Object> rows() {
    Map<String, Object> rows = new LinkedHashMap<>();
    if (tables != null) {
      rows.put("tables", new ArrayList<>(tables));
    }
    String word = rabbitmq == null ? password() : null;
    if (word != null) {
      rows.put("password", word);
    }
    if (slot != null) {
      rows.put("slot", slot);
    }
    return rows;
  }

  private @Nullable String password() {
    if (password != null && passwordVariable != null) {
      throw CommandException.usage("expected one of --password-file and --password-env");
    }
    if (passwordVariable == null) {
      return password == null ? null : secretOf(password);
    }
    String word = System.getenv(passwordVariable);
    if (word == null || word.isEmpty()) {
      throw CommandException.usage(
          "the environment has no %s, expected the password there".formatted(passwordVariable));
    }
    return word;
  }

  private Map<String, String> queue() {
    Map<String, String> queue = new LinkedHashMap<>();
    String word = password();
    if (word == null) {
      throw CommandException.usage(
          "the password is missing, expected --password-file or --password-env with --rabbitmq");
    }
    queue.put("password", word);
    if (authority != null) {
      queue.put("authority", secretOf(authority));
    }
    if (id != null) {
      queue.put("id", id);
    }
    return queue;
  }

  private static Map<String, String> headers(List<String> given) {
    Map<String, String> sent = new LinkedHashMap<>();
    for (String header : given) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw CommandException.usage("a header has no colon, expected 'Name: value'");
      }
      sent.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return sent;
  }

  private Map<String, String> hook(String scheme) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("scheme", scheme);
    if (secret == null) {
      throw CommandException.usage("--secret-file is missing, expected with --hook");
    }
    body.put("secret", secretOf(secret));
    if (id != null) {
      body.put("id", id);
    }
    return body;
  }

  static String secretOf(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw CommandException.usage(
          "%s cannot be read, expected a file with a secret".formatted(file));
    }
  }

  private static long seconds(String text) {
    try {
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT)).toSeconds();
    } catch (DateTimeParseException e) {
      throw CommandException.usage(
          "--every is '%s', expected a time such as 30s, 5m or 1h".formatted(text));
    }
  }
}
