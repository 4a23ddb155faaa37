package dev.troth.observe.kafka;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes messages of Kafka as a client or a broker does. */
final class Wire {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Wire number(int width, long value) {
    for (int i = width - 1; i >= 0; i--) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  Wire varint(int value) {
    int left = value;
    while ((left & ~0x7f) != 0) {
      out.write(left & 0x7f | 0x80);
      left >>>= 7;
    }
    out.write(left);
    return this;
  }

  Wire zigzag(int value) {
    return varint(value << 1 ^ value >> 31);
  }

  Wire text(String text, boolean flexible) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (flexible) {
      varint(bytes.length + 1);
    } else {
      number(2, bytes.length);
    }
    return raw(bytes);
  }

  Wire raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** With its length before it. */
  static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(4 + message.length).putInt(message.length).put(message).array();
  }

  /** A batch of records, each with this trace context unless it is empty. */
  static byte[] batch(int records, int valueBytes, String context) {
    Wire body = new Wire();
    for (int i = 0; i < records; i++) {
      Wire record = new Wire().number(1, 0).zigzag(0).zigzag(i).zigzag(-1).zigzag(valueBytes);
      record.raw(new byte[valueBytes]);
      if (context.isEmpty()) {
        record.zigzag(0);
      } else {
        byte[] value = context.getBytes(StandardCharsets.US_ASCII);
        record.zigzag(1).zigzag(11).raw("traceparent".getBytes(StandardCharsets.US_ASCII));
        record.zigzag(value.length).raw(value);
      }
      byte[] bytes = record.bytes();
      body.zigzag(bytes.length).raw(bytes);
    }
    byte[] all = body.bytes();
    return new Wire()
        .number(8, 0)
        .number(4, 49 + all.length)
        .number(4, 0)
        .number(1, 2)
        .number(4, 0)
        .number(2, 0)
        .number(4, records - 1)
        .number(8, 0)
        .number(8, 0)
        .number(8, -1)
        .number(2, -1)
        .number(4, -1)
        .number(4, records)
        .raw(all)
        .bytes();
  }

  static Wire header(int key, int version, int correlation, boolean flexible) {
    Wire wire = new Wire().number(2, key).number(2, version).number(4, correlation);
    wire.text("producer-1", false);
    return flexible ? wire.varint(0) : wire;
  }

  /** A request to produce into one partition of a topic. */
  static byte[] produce(int version, int correlation, String topic, int acks, byte[] records) {
    boolean flexible = version >= 9;
    Wire wire = header(0, version, correlation, flexible);
    if (flexible) {
      wire.varint(0).number(2, acks).number(4, 30_000).varint(2);
      wire.text(topic, true).varint(2).number(4, 0).varint(records.length + 1).raw(records);
      return wire.varint(0).varint(0).varint(0).bytes();
    }
    wire.number(2, -1).number(2, acks).number(4, 30_000).number(4, 1).text(topic, false);
    return wire.number(4, 1).number(4, 0).number(4, records.length).raw(records).bytes();
  }

  static byte[] produced(int version, int correlation, String topic, int error) {
    boolean flexible = version >= 9;
    Wire wire = new Wire().number(4, correlation);
    if (flexible) {
      wire.varint(0).varint(2).text(topic, true).varint(2).number(4, 0).number(2, error);
      wire.number(8, 5).number(8, -1).number(8, 0).varint(1).varint(0).varint(0).varint(0);
      return wire.number(4, 0).varint(0).bytes();
    }
    wire.number(4, 1).text(topic, false).number(4, 1).number(4, 0).number(2, error);
    wire.number(8, 5).number(8, -1);
    if (version >= 5) {
      wire.number(8, 0);
    }
    if (version >= 8) {
      wire.number(4, 0).number(2, -1);
    }
    return wire.number(4, 0).bytes();
  }

  /** A request to fetch: what it says is not looked at. */
  static byte[] fetch(int version, int correlation) {
    return header(1, version, correlation, version >= 12).raw(new byte[40]).bytes();
  }

  /** The answer with one partition of a topic. */
  static byte[] fetched(int version, int correlation, String topic, byte[] records, int error) {
    boolean flexible = version >= 12;
    Wire wire = new Wire().number(4, correlation);
    if (flexible) {
      wire.varint(0);
    }
    wire.number(4, 0);
    if (version >= 7) {
      wire.number(2, 0).number(4, 9);
    }
    if (!flexible) {
      wire.number(4, 1).text(topic, false).number(4, 1);
    } else if (version >= 13) {
      wire.varint(2).number(8, 7).number(8, topic.hashCode()).varint(2);
    } else {
      wire.varint(2).text(topic, true).varint(2);
    }
    wire.number(4, 3).number(2, error).number(8, 100).number(8, 100);
    if (version >= 5) {
      wire.number(8, 0);
    }
    wire.raw(flexible ? new byte[] {0} : new byte[] {-1, -1, -1, -1});
    if (version >= 11) {
      wire.number(4, -1);
    }
    if (flexible) {
      wire.varint(records.length + 1).raw(records).varint(0).varint(0).varint(0);
    } else {
      wire.number(4, records.length).raw(records);
    }
    return wire.bytes();
  }

  static byte[] metadata(int version, int correlation) {
    return header(3, version, correlation, true).varint(0).number(1, 1).varint(0).bytes();
  }

  static byte[] described(int correlation, String topic) {
    Wire wire = new Wire().number(4, correlation).varint(0).number(4, 0);
    wire.varint(2).number(4, 1).text("127.0.0.1", true).number(4, 9092).varint(0).varint(0);
    wire.text("cluster", true).number(4, 1).varint(2).number(2, 0).text(topic, true);
    wire.number(8, 7).number(8, topic.hashCode()).number(1, 0).varint(2).number(2, 0);
    wire.number(4, 0).number(4, 1).number(4, 0).varint(2).number(4, 1).varint(2).number(4, 1);
    return wire.varint(1).varint(0).number(4, 0).varint(0).varint(0).bytes();
  }
}
