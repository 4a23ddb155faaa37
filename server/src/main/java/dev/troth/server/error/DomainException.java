package dev.troth.server.error;

import java.util.function.Supplier;

/**
 * Why a service did not do what it was asked: the thing, its value and what was expected, for the
 * one who asked. Each face of the platform says it in its own way; HTTP makes a problem document of
 * it.
 *
 * <pre>{@code
 * throw new DomainException.NotFound("record %d does not exist".formatted(id));
 * }</pre>
 */
public abstract sealed class DomainException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String detail;

  private DomainException(String detail) {
    // Without a stack trace: it says what a caller did wrong, not where the platform is.
    super(detail, null, false, false);
    this.detail = detail;
  }

  /** A value made of what was given; one that refuses to be made is {@link Invalid}. */
  public static <T> T valid(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new Invalid(String.valueOf(e.getMessage()));
    }
  }

  /** The sentence for whoever asked. */
  public String detail() {
    return detail;
  }

  /** There is no such thing, or none that the caller may know of. */
  public static final class NotFound extends DomainException {
    private static final long serialVersionUID = 1L;

    public NotFound(String detail) {
      super(detail);
    }
  }

  /** What was given does not fit. */
  public static final class Invalid extends DomainException {
    private static final long serialVersionUID = 1L;

    public Invalid(String detail) {
      super(detail);
    }
  }

  /** It does not fit how the thing stands now. */
  public static final class Conflict extends DomainException {
    private static final long serialVersionUID = 1L;

    public Conflict(String detail) {
      super(detail);
    }
  }

  /** The caller may not. */
  public static final class Forbidden extends DomainException {
    private static final long serialVersionUID = 1L;

    public Forbidden(String detail) {
      super(detail);
    }
  }

  /** The caller has or does too much of it already. */
  public static final class TooMany extends DomainException {
    private static final long serialVersionUID = 1L;

    public TooMany(String detail) {
      super(detail);
    }
  }
}
