package dev.troth.server.guard;

import dev.troth.server.auth.Credentials;
import dev.troth.server.auth.Identification;
import dev.troth.server.auth.Identity;
import dev.troth.server.auth.Role;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * What every call over gRPC passes: how many may run at a time, since each holds a message, and
 * where the service asks for it a token in the metadata {@code authorization}.
 */
public final class GrpcGuard implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BEARER = "Bearer ";

  private final Identification identification;
  private final Predicate<String> closed;
  private final Semaphore calls;

  /**
   * A guard.
   *
   * @param closed the services, by full name, that need a token of at least {@link Role#MEMBER}
   * @param calls how many may run at a time
   */
  public GrpcGuard(Identification identification, Predicate<String> closed, int calls) {
    this.identification = identification;
    this.closed = closed;
    this.calls = new Semaphore(calls);
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String service = String.valueOf(call.getMethodDescriptor().getServiceName());
    if (closed.test(service)) {
      Optional<Status> refusal = refusal(headers);
      if (refusal.isPresent()) {
        call.close(refusal.get(), new Metadata());
        return new ServerCall.Listener<>() {};
      }
    }
    if (!calls.tryAcquire()) {
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription("too many calls at a time: send again in 1 s"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    AtomicBoolean held = new AtomicBoolean(true);
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onComplete() {
        release();
        super.onComplete();
      }

      @Override
      public void onCancel() {
        release();
        super.onCancel();
      }

      private void release() {
        if (held.compareAndSet(true, false)) {
          calls.release();
        }
      }
    };
  }

  private Optional<Status> refusal(Metadata headers) {
    Optional<String> bearer =
        Optional.ofNullable(headers.get(AUTHORIZATION))
            .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(value -> value.substring(BEARER.length()).strip());
    return switch (identification.of(new Credentials(bearer, Optional.empty()))) {
      case Identity.Known known ->
          known.caller().has(Role.MEMBER)
              ? Optional.empty()
              : Optional.of(
                  Status.PERMISSION_DENIED.withDescription(
                      "role of %s is %s, expected member"
                          .formatted(known.caller().user(), known.caller().role())));
      case Identity.Anonymous _ ->
          Optional.of(
              Status.UNAUTHENTICATED.withDescription(
                  "expected a token in the metadata 'authorization'"));
      case Identity.Refused(String reason) ->
          Optional.of(Status.UNAUTHENTICATED.withDescription(reason));
    };
  }
}
