package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Ends the reading of an answer that is longer than any of CloudWatch: the SDK keeps all of it. */
final class LongestAnswer implements ExecutionInterceptor {
  /** The service sends at most 100,800 values a call, each of some 20 bytes with its time. */
  static final int BYTES = 8 << 20;

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    return context.responseBody().map(Bounded::new);
  }

  private static final class Bounded extends FilterInputStream {
    private long left = BYTES;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      if (read >= 0) {
        count(1);
      }
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read > 0) {
        count(read);
      }
      return read;
    }

    /** No {@link IOException}, after which the SDK would ask again. */
    private void count(int read) {
      left -= read;
      if (left < 0) {
        throw CommandException.failed(
            "CloudWatch sends an answer of more than %,d bytes, expected at most that"
                .formatted(BYTES));
      }
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
