package dev.troth.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Header;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Direction;
import dev.troth.observe.stream.Segment;
import dev.troth.testkit.Property;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Random conversations, cut into segments at random, of which the kernel captures parts and loses
 * some: a response never goes to another request than its own, and without loss none is missing.
 */
final class PairingPropertyTest {
  private static final class Told implements Exchanges {
    final List<String> paired = new ArrayList<>();
    int open;

    @Override
    public void began(Exchange exchange) {
      open++;
    }

    @Override
    public void ended(Exchange exchange) {
      open--;
      if (exchange.hasResponse()) {
        Facts.Http facts = Wiretap.facts(exchange);
        String id = Header.first(facts.response(), "x-id");
        paired.add(facts.target() + "=" + (id == null ? "none" : id));
      }
    }

    @Override
    public void abandoned(Exchange exchange) {
      open--;
    }

    @Override
    public void withdrawn(Exchange exchange) {
      throw new AssertionError("HTTP/1 withdraws nothing");
    }

    @Override
    public void lost(String reason) {}

    @Override
    public void switched() {}
  }

  @Test
  void withoutLossEveryRequestIsPairedWithItsOwnResponse() {
    Property.of("complete pairing")
        .runs(3_000, 300_000)
        .check(random -> {
          int count = 1 + random.nextInt(12);
          Told told = run(random, count, random.nextBoolean(), 0);
          List<String> expected = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            expected.add("/" + i + "=" + i);
          }
          assertThat(told.paired).isEqualTo(expected);
        });
  }

  @Test
  void withLossNoResponseIsPairedWithAnotherRequest() {
    Property.of("no wrong pair")
        .runs(10_000, 1_000_000)
        .check(random -> {
          Told told =
              run(random, 1 + random.nextInt(30), random.nextBoolean(), random.nextDouble(0.5));
          for (String pair : told.paired) {
            if (pair.endsWith("=none")) {
              continue; // the part of the head that names it was lost
            }
            int equals = pair.indexOf('=');
            assertThat(pair.substring(1, equals)).isEqualTo(pair.substring(equals + 1));
          }
          assertThat(told.open).isZero();
        });
  }

  private static Told run(RandomGenerator random, int count, boolean pipelining, double loss) {
    Told told = new Told();
    HttpConversation conversation = new HttpConversation(new HeadParser(Set.of("X-Id")), told);
    Role role = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
    Feed feed = new Feed(random, conversation, role, loss, pipelining);
    int asked = 0;
    int answered = 0;
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    while (answered < count) {
      int ahead = asked - answered;
      boolean ask =
          asked < count && (ahead == 0 || (pipelining && ahead < 5 && random.nextBoolean()));
      if (ask) {
        requests.writeBytes(request(random, asked++));
        if (!pipelining || random.nextInt(3) > 0) {
          feed.pass(true, requests.toByteArray());
          requests.reset();
        }
      } else {
        feed.pass(true, requests.toByteArray());
        requests.reset();
        feed.shown |= asked - answered > 1;
        feed.pass(false, response(random, answered++));
      }
    }
    conversation.tick(feed.time + 1_000_000_000);
    conversation.closed(feed.time + 2_000_000_000, true);
    return told;
  }

  /** Passes bytes on in segments of random size. */
  private static final class Feed {
    private final RandomGenerator random;
    private final HttpConversation conversation;
    private final Role role;
    private final double loss;
    private final boolean pipelining;
    private int requestPosition;
    private int responsePosition;
    private boolean fresh = true;
    private boolean shown;
    private long time = 1;

    Feed(
        RandomGenerator random,
        HttpConversation conversation,
        Role role,
        double loss,
        boolean pipelining) {
      this.random = random;
      this.conversation = conversation;
      this.role = role;
      this.loss = loss;
      this.pipelining = pipelining;
      this.requestPosition = random.nextInt();
      this.responsePosition = random.nextInt();
    }

    void pass(boolean request, byte[] bytes) {
      int at = 0;
      while (at < bytes.length) {
        boolean whole = random.nextInt(3) > 0;
        int size = whole ? bytes.length - at : 1 + random.nextInt(bytes.length - at);
        segment(request, Arrays.copyOfRange(bytes, at, at + size));
        at += size;
      }
    }

    private void segment(boolean request, byte[] bytes) {
      time += 1_000;
      int position = request ? requestPosition : responsePosition;
      if (request) {
        requestPosition += bytes.length;
      } else {
        responsePosition += bytes.length;
      }
      boolean first = fresh;
      fresh = false;
      boolean gone = random.nextDouble() < loss && (shown || !pipelining);
      if (gone) {
        return;
      }
      Direction direction = request ? role.requests() : role.requests().opposite();
      int captured = Math.min(bytes.length, pipelining ? bytes.length : 4_096);
      byte[] tail =
          captured == bytes.length
              ? new byte[0]
              : Arrays.copyOfRange(bytes, bytes.length - 8, bytes.length);
      conversation.segment(
          new Segment(
              direction,
              bytes,
              captured,
              bytes.length,
              tail,
              position,
              request ? responsePosition : requestPosition,
              time,
              new Call(1, first, false)));
    }
  }

  private static byte[] request(RandomGenerator random, int id) {
    String head = " /" + id + " HTTP/1.1\r\nHost: a\r\nX-Junk: " + junk(random, 60) + "\r\n";
    return switch (random.nextInt(4)) {
      case 0 -> bytes("POST" + head + body(random));
      case 1 -> bytes("PUT" + head + chunked(random));
      case 2 -> bytes("GET" + head + "Connection: keep-alive\r\n\r\n");
      default -> bytes("DELETE" + head + "\r\n");
    };
  }

  private static byte[] response(RandomGenerator random, int id) {
    String interim = random.nextInt(8) == 0 ? "HTTP/1.1 103 Early Hints\r\n\r\n" : "";
    String head = " X\r\nX-Id: " + id + "\r\n";
    return bytes(
        interim
            + switch (random.nextInt(5)) {
              case 0 -> "HTTP/1.1 200" + head + body(random);
              case 1 -> "HTTP/1.1 200" + head + chunked(random);
              case 2 -> "HTTP/1.1 204" + head + "\r\n";
              case 3 -> "HTTP/1.1 304" + head + "Content-Length: 12\r\n\r\n";
              default -> "HTTP/1.1 500" + head + "Content-Length: 0\r\n\r\n";
            });
  }

  private static String body(RandomGenerator random) {
    String content = content(random);
    return "Content-Length: " + content.length() + "\r\n\r\n" + content;
  }

  private static String chunked(RandomGenerator random) {
    StringBuilder text = new StringBuilder("Transfer-Encoding: chunked\r\n\r\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      String content = content(random);
      if (!content.isEmpty()) {
        text.append(Integer.toHexString(content.length())).append("\r\n").append(content);
        text.append("\r\n");
      }
    }
    return text.append("0\r\n\r\n").toString();
  }

  private static String content(RandomGenerator random) {
    return random.nextInt(10) == 0
        ? "z".repeat(random.nextInt(20_000))
        : junk(random, random.nextInt(300));
  }

  private static String junk(RandomGenerator random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
