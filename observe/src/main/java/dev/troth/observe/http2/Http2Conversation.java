package dev.troth.observe.http2;

import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Header;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 on one socket, from its beginning or from any request on. A stream's number pairs its
 * request with its response, so neither order nor threads matter. Taken up in its middle, it is not
 * known what the header tables hold; what refers to that is unknown. Then each direction is read
 * from a segment on that proves to begin with a frame. So it is again once a byte is missing that
 * may have been part of a header block; what was open then is abandoned, or ends with the
 * response's head.
 */
final class Http2Conversation implements Conversation {
  private static final int MOST_STREAMS = 2_000;
  private static final int MOST_EARLY = 64;

  /** About what an open call takes, with its fields. */
  private static final int BYTES_OF_ONE = 700;

  private final Role role;
  private final Set<String> names;
  private final Exchanges exchanges;
  private Side requests;
  private Side responses;
  private final Map<Integer, Call> open = new HashMap<>();

  /** What was told of a stream before its request: on a client another thread may be first. */
  private final Map<Integer, List<Runnable>> early = new HashMap<>();

  private int highest;
  private boolean begun;
  private boolean over;

  Http2Conversation(Role role, Set<String> names, Exchanges exchanges) {
    this.role = role;
    this.names = names;
    this.exchanges = exchanges;
    this.requests = new Side(true, false);
    this.responses = new Side(false, false);
  }

  @Override
  public void segment(Segment segment) {
    if (!begun) {
      begun = true;
      if (!Http2Protocol.begins(segment)) {
        requests = new Side(true, true);
        responses = new Side(false, true);
      }
    }
    if (!over) {
      (segment.direction() == role.requests() ? requests : responses).read(segment);
    }
  }

  @Override
  public void tick(long now) {}

  @Override
  public void closed(long time, boolean wholly) {
    if (over || (role == Role.CLIENT && !wholly)) {
      return; // it may still read
    }
    for (Call call : List.copyOf(open.values())) {
      call.ended(false, time);
      exchanges.ended(call.exchange());
    }
    open.clear();
    early.clear();
  }

  @Override
  public void giveUp() {
    over = true;
    open.values().forEach(call -> exchanges.abandoned(call.exchange()));
    open.clear();
    early.clear();
  }

  @Override
  public int held() {
    return over ? 0 : open.size() * BYTES_OF_ONE + requests.held() + responses.held();
  }

  /** How the open calls end will not be seen. */
  private void cutOff(long time) {
    for (Call call : open.values()) {
      if (call.endsWithHead(time)) {
        exchanges.ended(call.exchange());
      } else {
        exchanges.abandoned(call.exchange());
      }
    }
    open.clear();
    early.clear();
  }

  private void lose(String why) {
    if (!over) {
      giveUp();
      exchanges.lost(why);
    }
  }

  private void requested(int stream, List<Header> fields, Place place) {
    Call known = open.get(stream);
    if (known != null || stream <= highest) {
      return; // trailers of a request
    }
    highest = stream;
    Optional<Call> call = Call.of(role, fields, place, names);
    if (call.isEmpty()) {
      return;
    }
    open.put(stream, call.get());
    exchanges.began(call.get().exchange());
    if (open.size() > MOST_STREAMS) {
      lose("HTTP/2 with more than " + MOST_STREAMS + " open streams");
      return;
    }
    List<Runnable> waiting = early.remove(stream);
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
  }

  private void answered(int stream, List<Header> fields, boolean end, Place place, long time) {
    Call call = open.get(stream);
    if (call == null) {
      wait(stream, () -> answered(stream, fields, end, place, time));
      return;
    }
    call.answered(fields, place);
    if (end) {
      end(stream, true, time);
    }
  }

  private void body(boolean request, int stream, int bytes, boolean end, long time) {
    Call call = open.get(stream);
    if (call == null) {
      if (!request) {
        wait(stream, () -> body(false, stream, bytes, end, time));
      }
    } else if (request) {
      call.requestBody(bytes);
    } else {
      call.responseBody(bytes);
      if (end) {
        end(stream, true, time);
      }
    }
  }

  private void end(int stream, boolean complete, long time) {
    Call call = open.remove(stream);
    if (call != null) {
      call.ended(complete, time);
      exchanges.ended(call.exchange());
    }
  }

  /** Keeps what came before its request for a moment; a stream that is over is not waited for. */
  private void wait(int stream, Runnable what) {
    if (role == Role.CLIENT && stream > highest && early.size() < MOST_EARLY) {
      early.computeIfAbsent(stream, added -> new ArrayList<>(2)).add(what);
    }
  }

  /** One direction: its frames, its header table, and how far it was read. */
  private final class Side implements FrameReader.Frames {
    /** What both sides begin with (RFC 9113 §6.5.2), and the most that is followed. */
    private static final int TABLE = 4_096;

    private static final int MOST_TABLE = 65_536;

    private final boolean request;
    private FrameReader reader;
    private HpackDecoder decoder;
    private final ByteArrayOutputStream block = new ByteArrayOutputStream(0);
    private @Nullable Frame begun;
    private Place begunAt = Place.NONE;
    private int expected;
    private boolean seen;
    private long now;

    /** Whether no frame's beginning is known yet. */
    private boolean late;

    Side(boolean request, boolean late) {
      this.request = request;
      this.late = late;
      this.reader = new FrameReader(request && !late ? Http2Protocol.PREFACE.length : 0, this);
      this.decoder = new HpackDecoder(TABLE, MOST_TABLE, late);
    }

    int held() {
      return reader.held() + block.size() + decoder.held();
    }

    void read(Segment segment) {
      now = segment.time();
      if (late) {
        late = !(request ? Middle.asks(segment) : Middle.answers(segment, open::containsKey));
        if (late) {
          passOver(segment);
          return;
        }
      }
      int gap = seen ? segment.position() - expected : 0;
      seen = true;
      if (gap < 0) {
        return; // told of before
      }
      if (gap > 0) {
        reader.skip(gap, segment.time());
        if (late) {
          read(segment); // it may be the one to begin anew with
          return;
        }
      }
      expected = segment.end();
      reader.read(segment);
    }

    /** What is passed over may hold the answer to any open call. */
    private void passOver(Segment segment) {
      if (!request && !Middle.isControl(segment)) {
        cutOff(segment.time());
      }
    }

    @Override
    public void lost() {
      late = true;
      seen = false;
      begun = null;
      block.reset();
      reader = new FrameReader(0, this);
      decoder = new HpackDecoder(TABLE, MOST_TABLE, true);
      exchanges.passedOver("HTTP/2 with bytes missing: some requests");
      cutOff(now);
    }

    @Override
    public void frame(Frame frame, int length, Place place, long time) {
      if (over) {
        return;
      }
      switch (frame.type()) {
        case Frame.DATA -> body(request, frame.stream(), length, frame.has(Frame.END_STREAM), time);
        case Frame.RST_STREAM -> end(frame.stream(), false, time);
        case Frame.HEADERS, Frame.PUSH_PROMISE -> {
          begun = frame;
          begunAt = place;
          if (blockBegins(frame)) {
            blockEnd(frame, time);
          }
        }
        case Frame.CONTINUATION -> {
          block.writeBytes(frame.payload());
          blockEnd(frame, time);
        }
        default -> {}
      }
    }

    private boolean blockBegins(Frame frame) {
      try {
        block.writeBytes(
            frame.type() == Frame.HEADERS ? frame.headerBlock() : frame.promisedBlock());
        return true;
      } catch (IllegalArgumentException broken) {
        lose("HTTP/2 whose frames cannot be read");
        return false;
      }
    }

    private void blockEnd(Frame last, long time) {
      Frame first = begun;
      if (!last.has(Frame.END_HEADERS) || first == null) {
        return;
      }
      List<Header> fields;
      try {
        fields = decoder.decode(block.toByteArray());
      } catch (IllegalArgumentException broken) {
        lose("HTTP/2 whose header blocks cannot be read");
        return;
      }
      block.reset();
      begun = null;
      boolean end = first.has(Frame.END_STREAM);
      if (first.type() == Frame.PUSH_PROMISE) {
        return; // what was not asked for is nobody's request
      }
      if (request) {
        requested(first.stream(), fields, begunAt);
      } else {
        answered(first.stream(), fields, end, begunAt, time);
      }
    }
  }
}
