package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import dev.troth.server.objective.OrderTraces.Publish;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page of the demo's objective reaches a mailbox and a chat. */
final class PageSentTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private static String text(MimeMessage message) throws Exception {
    return (String) ((Multipart) message.getContent()).getBodyPart(0).getContent();
  }

  private static URI link(String text, String way) {
    Matcher link = Pattern.compile("http://[^\\s|>\"]+" + way + "[^\\s|>\"]*").matcher(text);
    assertThat(link.find()).as("a link to %s in %s", way, text).isTrue();
    return URI.create(link.group());
  }

  private static void add(TestPlatform platform, String channel, String address) {
    Answer added =
        platform.post(
            "/api/endpoints",
            "{\"user\":\"ann\",\"channel\":\"%s\",\"address\":\"%s\"}".formatted(channel, address));
    assertThat(added.status()).as(added.body()).isEqualTo(201);
  }

  @Test
  void aPageArrivesOnceInTheMailboxAndInTheChatWithALinkThatOpensTheObjective() throws Exception {
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    List<String> chat = new CopyOnWriteArrayList<>();
    HttpServer slack =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    slack.createContext(
        "/",
        exchange -> {
          chat.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    slack.start();
    mail.start();
    String[] settings = {
      "slo.files", FILE.toString(), "slo.watermark", "5s", "watch.webhooks.allow", "127.0.0.1/32",
      "watch.mail.host", "127.0.0.1", "watch.mail.tls", "none", "watch.mail.from", "t@example.org",
      "watch.mail.port", Integer.toString(mail.getSmtp().getPort())
    };
    try (TestPlatform platform = TestPlatform.start(settings)) {
      OrderTraces orders = new OrderTraces(platform);
      add(platform, "email", "ann@example.org");
      String confirm = link(text(mail.getReceivedMessages()[0]), "/confirm/").getPath();
      assertThat(platform.post(confirm, "").status()).isEqualTo(200);
      add(platform, "slack", "http://127.0.0.1:%d/T/B/x".formatted(slack.getAddress().getPort()));
      String wish =
          "{\"user\":\"ann\",\"target\":\"slo/*\",\"types\":[\"alert.fired\"],"
              + "\"filter\":\"alert == 'page'\",\"channels\":[\"email\",\"slack\"]}";
      assertThat(platform.post("/api/watches", wish).status()).isEqualTo(201);

      burn(platform, orders);
      await().until(() -> mail.getReceivedMessages().length == 2 && chat.size() == 1);
      String letter = text(mail.getReceivedMessages()[1]);
      assertThat(letter).contains("Subject: slo/orders", "alert.fired");
      for (String said : List.of(letter, chat.getFirst())) {
        Answer opened = platform.get(link(said, "/go/").getPath());
        assertThat(opened.status()).isEqualTo(303);
        assertThat(opened.header("Location")).isEqualTo("/objectives/orders");
      }
      assertThat(platform.get("/api/deliveries?user=ann&state=delivered").json().get("items"))
          .hasSize(2);

      String stop = link(letter, "/unsubscribe/").getPath();
      Answer stopped =
          platform.post(
              stop,
              "List-Unsubscribe=One-Click",
              "Content-Type",
              "application/x-www-form-urlencoded");
      assertThat(stopped.status()).isEqualTo(200);
      assertThat(platform.get("/api/watches?user=ann").body())
          .contains("\"channels\":[\"inbox\",\"slack\"]");
      assertThat(mail.getReceivedMessages()).hasSize(2);
      assertThat(chat).hasSize(1);
    } finally {
      mail.stop();
      slack.stop(0);
    }
  }

  @Test
  void aPageTriggersAndItsEndResolvesTheSameAlertOnCall() throws Exception {
    List<JsonNode> events = new CopyOnWriteArrayList<>();
    List<JsonNode> alerts = new CopyOnWriteArrayList<>();
    HttpServer service =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/",
        exchange -> {
          JsonNode body = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
          boolean event = exchange.getRequestURI().getPath().equals("/v2/enqueue");
          (event ? events : alerts).add(body);
          exchange.sendResponseHeaders(202, -1);
          exchange.close();
        });
    service.start();
    String base = "http://127.0.0.1:" + service.getAddress().getPort();
    String[] settings = {
      "slo.files", FILE.toString(), "slo.watermark", "5s", "watch.webhooks.allow", "127.0.0.1/32"
    };
    try (TestPlatform platform = TestPlatform.start(settings)) {
      OrderTraces orders = new OrderTraces(platform);
      add(platform, "pagerduty", base + "/v2/enqueue#0123456789abcdefABCDEF0123456789");
      add(platform, "alertmanager", base + "/am");
      String wish =
          "{\"user\":\"ann\",\"target\":\"slo/orders\",\"channels\":[\"pagerduty\",\"alertmanager\"],"
              + "\"types\":[\"alert.fired\",\"alert.resolved\"],"
              + "\"filter\":\"alert == 'page' || before.alert == 'page'\"}";
      assertThat(platform.post("/api/watches", wish).status()).isEqualTo(201);
      burn(platform, orders);
      await().until(() -> events.size() == 1 && alerts.size() == 1);
      JsonNode trigger = events.getFirst();
      assertThat(trigger.get("event_action").asString()).isEqualTo("trigger");
      assertThat(trigger.get("dedup_key").asString()).isEqualTo("slo/orders alert page");
      assertThat(trigger.at("/payload/severity").asString()).isEqualTo("critical");
      assertThat(trigger.at("/payload/summary").asString())
          .matches("Orders get all the way through is paging: bus failed in \\d+ requests");
      for (int i = 0; i < 90 && events.size() < 2; i++) {
        var _ = orders.orders(5, Publish.TAKEN);
        platform.clock().advance(Duration.ofSeconds(10));
      }
      await().until(() -> events.size() == 2 && alerts.size() == 2);
      JsonNode resolve = events.getLast();
      assertThat(resolve.get("event_action").asString()).isEqualTo("resolve");
      assertThat(resolve.get("dedup_key")).isEqualTo(trigger.get("dedup_key"));
      JsonNode begun = alerts.getFirst().get(0);
      JsonNode ended = alerts.getLast().get(0);
      assertThat(ended.get("labels")).isEqualTo(begun.get("labels"));
      assertThat(begun.at("/labels/severity").asString()).isEqualTo("critical");
      assertThat(ended.get("endsAt").asString()).isEqualTo(ended.get("startsAt").asString());
    } finally {
      service.stop(0);
    }
  }

  /** Good traffic, and then orders whose events are lost behind a 201. */
  private static void burn(TestPlatform platform, OrderTraces orders) {
    for (int i = 0; i < 12; i++) {
      var _ = orders.orders(5, Publish.TAKEN);
      platform.clock().advance(Duration.ofSeconds(10));
    }
    for (int i = 0; i < 12; i++) {
      var _ = orders.orders(5, Publish.REFUSED);
      platform.clock().advance(Duration.ofSeconds(10));
    }
  }
}
