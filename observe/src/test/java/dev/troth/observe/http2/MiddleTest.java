package dev.troth.observe.http2;

import static java.util.Objects.requireNonNull;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Connections of HTTP/2 that began before the agent: what is told of them is true. */
final class MiddleTest {
  /** A piece of a connection: what one end wrote at once. */
  private record Piece(boolean request, byte[] bytes, int calls) {}

  private record Asked(String method, String path, int status) {}

  @Test
  void whereverItIsTakenUpNothingToldIsWrongAndNothingLaterIsMissed() {
    Property.of("connections of HTTP/2 taken up in their middle")
        .runs(500, 50_000)
        .check(random -> {
          List<Asked> truth = new ArrayList<>();
          List<Piece> pieces = connection(random, truth);
          int from = random.nextInt(pieces.size());
          Told told = new Told();
          Http2Protocol protocol = new Http2Protocol(Set.of());
          Http2Conversation conversation = null;
          int[] position = new int[2];
          int missed = 0;
          for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            int side = piece.request ? 0 : 1;
            Segment segment = segment(piece, position[side], position[1 - side], i + 1);
            position[side] += piece.bytes.length;
            if (i < from) {
              missed += piece.calls;
              continue;
            }
            if (conversation == null) {
              Optional<Role> role = protocol.recognise(segment);
              if (role.isEmpty()) {
                missed += piece.calls;
                continue;
              }
              assertThat(role).contains(Role.SERVER);
              conversation = new Http2Conversation(Role.SERVER, Set.of(), told);
            }
            conversation.segment(segment);
          }
          assertThat(told.abandoned).isEmpty();
          assertThat(told.ended).hasSize(truth.size() - missed);
          for (int i = 0; i < told.ended.size(); i++) {
            Exchange exchange = told.ended.get(i);
            Asked asked = truth.get(missed + i);
            Facts.Http facts = (Facts.Http) exchange.facts();
            assertThat(facts.method()).isIn(asked.method, "");
            assertThat(facts.target()).isIn(asked.path, "");
            assertThat(facts.status()).isIn(asked.status, 0);
            boolean whole =
                !facts.method().isEmpty() && !facts.target().isEmpty() && facts.status() != 0;
            assertThat(exchange.isHidden() || whole).isTrue();
            assertThat(exchange.outcome()).isEqualTo(Exchange.Outcome.COMPLETE);
          }
        });
  }

  @Test
  void whateverIsLostNoAnswerIsGivenToAnotherRequest() {
    Property.of("connections of HTTP/2 with losses")
        .runs(1_000, 200_000)
        .check(random -> {
          Map<String, Integer> truth = new HashMap<>();
          Peer peer = new Peer();
          Told told = new Told();
          Http2Conversation conversation = new Http2Conversation(Role.CLIENT, Set.of(), told);
          int[] position = new int[2];
          for (int stream = 1; stream < 60; stream += 2) {
            int status = List.of(200, 404, 418, 201, 301, 503).get(random.nextInt(6));
            truth.put("/" + stream, status);
            for (Piece piece :
                List.of(
                    new Piece(true, peer.ask(stream, "GET", "/" + stream), 1),
                    new Piece(false, peer.answer(random, stream, status), 0))) {
              int side = piece.request ? 0 : 1;
              Segment whole = segment(piece, position[side], position[1 - side], stream);
              position[side] += piece.bytes.length;
              boolean cut = random.nextInt(10) == 0;
              int captured = cut ? random.nextInt(piece.bytes.length) : piece.bytes.length;
              if (random.nextInt(10) != 0) {
                conversation.segment(
                    new Segment(
                        piece.request ? Direction.SENT : Direction.RECEIVED,
                        whole.bytes(),
                        captured,
                        whole.length(),
                        whole.tail(),
                        whole.position(),
                        whole.opposite(),
                        stream,
                        whole.call()));
              }
            }
          }
          conversation.closed(100, true);
          assertThat(told.ended.size()).isBetween(1, truth.size());
          for (Exchange exchange : told.ended) {
            Facts.Http facts = (Facts.Http) exchange.facts();
            if (!facts.target().isEmpty() && facts.status() != 0) {
              assertThat(truth).containsEntry(facts.target(), facts.status());
            }
          }
        });
  }

  @Test
  void anAnswerThatMayHavePassedUnseenIsAbandonedAndNotTakenForAFailure() {
    List<Asked> truth = new ArrayList<>();
    Peer peer = new Peer();
    byte[] asked = peer.ask(1, "GET", "/a");
    Told told = new Told();
    Http2Conversation conversation = new Http2Conversation(Role.SERVER, Set.of(), told);
    conversation.segment(segment(new Piece(true, asked, 1), 0, 500, 1));
    conversation.segment(segment(new Piece(false, new byte[] {7, 7, 7, 7, 7}, 0), 500, 0, 2));
    conversation.closed(3, true);
    assertThat(truth).isEmpty();
    assertThat(told.abandoned).hasSize(1);
    assertThat(told.ended).isEmpty();
  }

  private static List<Piece> connection(RandomGenerator random, List<Asked> truth) {
    List<Piece> pieces = new ArrayList<>();
    Peer peer = new Peer();
    pieces.add(
        new Piece(true, concat(Http2Protocol.PREFACE, frame(Frame.SETTINGS, 0, 0, bytes())), 0));
    pieces.add(new Piece(false, frame(Frame.SETTINGS, 0, 0, bytes()), 0));
    String[] methods = {"GET", "POST", "PUT"};
    String[] paths = {"/", "/orders", "/carts/7"};
    int[] statuses = {200, 404, 418};
    for (int stream = 1; stream < 40; stream += 2) {
      Asked asked =
          new Asked(
              methods[random.nextInt(3)], paths[random.nextInt(3)], statuses[random.nextInt(3)]);
      truth.add(asked);
      byte[] request = peer.ask(stream, asked.method, asked.path);
      if (random.nextInt(4) == 0) {
        request = concat(frame(Frame.WINDOW_UPDATE, 0, 0, bytes(0, 0, 1, 0)), request);
      }
      pieces.add(new Piece(true, request, 1));
      if (random.nextInt(3) == 0) {
        pieces.add(new Piece(false, frame(Frame.PING, 0, 0, new byte[8]), 0));
      }
      pieces.add(new Piece(false, peer.answer(random, stream, asked.status), 0));
    }
    return pieces;
  }

  private static Segment segment(Piece piece, int position, int opposite, long time) {
    return new Segment(
        piece.request ? Direction.RECEIVED : Direction.SENT,
        piece.bytes,
        piece.bytes.length,
        piece.bytes.length,
        new byte[0],
        position,
        opposite,
        time,
        new Call(1, false, false));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new Frame(type, flags, stream, payload).writeTo(out);
    } catch (java.io.IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return out.toByteArray();
  }

  private static byte[] concat(byte[] left, byte[] right) {
    byte[] all = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, all, left.length, right.length);
    return all;
  }

  private static byte[] bytes(int... values) {
    byte[] all = new byte[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) values[i];
    }
    return all;
  }

  /** Both ends, with the header tables that they share. */
  private static final class Peer {
    private final Table requests = new Table();
    private final Table responses = new Table();

    byte[] ask(int stream, String method, String path) {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      requests.write(block, new Header(":method", method));
      requests.write(block, new Header(":path", path));
      byte[] all = block.toByteArray();
      int cut = all.length / 2;
      if (stream % 6 == 1 && stream > 1) {
        return concat(
            frame(Frame.HEADERS, Frame.END_STREAM, stream, Arrays.copyOf(all, cut)),
            frame(
                Frame.CONTINUATION,
                Frame.END_HEADERS,
                stream,
                Arrays.copyOfRange(all, cut, all.length)));
      }
      return frame(Frame.HEADERS, Frame.END_STREAM | Frame.END_HEADERS, stream, all);
    }

    byte[] answer(RandomGenerator random, int stream, int status) {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      responses.write(block, new Header(":status", "" + status));
      byte[] head = frame(Frame.HEADERS, Frame.END_HEADERS, stream, block.toByteArray());
      byte[] body = new byte[random.nextInt(300)];
      random.nextBytes(body);
      return concat(head, frame(Frame.DATA, Frame.END_STREAM, stream, body));
    }
  }

  /** Writes the common ones by their numbers and adds all others to the table (RFC 7541 §6). */
  private static final class Table {
    private static final Map<Header, Integer> COMMON =
        Map.of(
            new Header(":method", "GET"), 2,
            new Header(":method", "POST"), 3,
            new Header(":path", "/"), 4,
            new Header(":status", "200"), 8,
            new Header(":status", "404"), 13);
    private static final Map<String, Integer> NAMES =
        Map.of(":method", 2, ":path", 4, ":status", 8);

    private final Map<Header, Integer> added = new HashMap<>();

    void write(ByteArrayOutputStream block, Header header) {
      Integer common = COMMON.get(header);
      Integer known = added.get(header);
      if (common != null) {
        block.write(0x80 | common);
      } else if (known != null) {
        block.write(0x80 | (61 + added.size() - known));
      } else {
        added.put(header, added.size());
        block.write(0x40 | requireNonNull(NAMES.get(header.name())));
        byte[] value = header.value().getBytes(StandardCharsets.US_ASCII);
        block.write(value.length);
        block.writeBytes(value);
      }
    }
  }

  private static final class Told implements Exchanges {
    private final List<Exchange> ended = new ArrayList<>();
    private final List<Exchange> abandoned = new ArrayList<>();

    @Override
    public void began(Exchange exchange) {}

    @Override
    public void ended(Exchange exchange) {
      ended.add(exchange);
    }

    @Override
    public void abandoned(Exchange exchange) {
      abandoned.add(exchange);
    }

    @Override
    public void withdrawn(Exchange exchange) {
      throw new AssertionError("HTTP/2 withdraws nothing");
    }

    @Override
    public void lost(String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public void switched() {}
  }
}
