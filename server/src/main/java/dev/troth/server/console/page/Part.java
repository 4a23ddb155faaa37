package dev.troth.server.console.page;

import java.util.List;
import java.util.function.Function;

/** A piece of a cut page. */
sealed interface Part<V> {
  void write(V view, PageBytes out);

  /** Bytes that are the same for everybody. */
  record Chunk<V>(byte[] bytes) implements Part<V> {
    @Override
    public void write(V view, PageBytes out) {
      out.bytes(bytes);
    }
  }

  /** Text, escaped for where it stands: between tags or in a quoted attribute. */
  record Text<V>(Function<V, String> value) implements Part<V> {
    @Override
    public void write(V view, PageBytes out) {
      out.text(value.apply(view));
    }
  }

  /** JSON in a script block. */
  record Block<V>(Function<V, String> json) implements Part<V> {
    @Override
    public void write(V view, PageBytes out) {
      out.json(json.apply(view));
    }
  }

  /** One row's parts, written for each row. */
  record Each<V, R>(Function<V, List<R>> rows, List<Part<R>> parts) implements Part<V> {
    @Override
    public void write(V view, PageBytes out) {
      for (R row : rows.apply(view)) {
        for (Part<R> part : parts) {
          part.write(row, out);
        }
      }
    }
  }

  /** An element that can be had without the rest of its page, under a key. */
  record Fragment<V>(String key, List<Part<V>> parts) implements Part<V> {
    @Override
    public void write(V view, PageBytes out) {
      for (Part<V> part : parts) {
        part.write(view, out);
      }
    }
  }
}
