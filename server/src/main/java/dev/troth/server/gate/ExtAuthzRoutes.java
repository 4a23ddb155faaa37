package dev.troth.server.gate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcRouting;
import io.helidon.webserver.http2.Http2Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** {@code envoy.service.auth.v3.Authorization} over gRPC, asked by Envoy's filter ext_authz. */
public final class ExtAuthzRoutes implements BindableService {
  private static final String SERVICE = "envoy.service.auth.v3.Authorization";

  /** Envoy sends at most 60 KiB of headers; bodies are not asked for. */
  private static final int LONGEST_BYTES = 128 * 1024;

  private static final MethodDescriptor<byte[], byte[]> CHECK =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Check"))
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private final ExtAuthz authz;

  public ExtAuthzRoutes(ExtAuthz authz) {
    this.authz = authz;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(CHECK, ServerCalls.asyncUnaryCall(this::check))
        .build();
  }

  private void check(byte[] request, StreamObserver<byte[]> observer) {
    byte[] response;
    try {
      response = authz.check(request);
    } catch (InvalidProtocolBufferException e) {
      observer.onError(
          Status.INVALID_ARGUMENT
              .withDescription("the message is no CheckRequest: " + e.getMessage())
              .asRuntimeException());
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }

  /** A listener with this service alone. */
  public static final class Server implements AutoCloseable {
    private final WebServer server;

    private Server(WebServer server) {
      this.server = server;
    }

    /** Listens; port 0 takes a free one. */
    public static Server start(InetSocketAddress address, ExtAuthz authz) throws IOException {
      try {
        return new Server(
            WebServer.builder()
                .host(address.getHostString())
                .port(address.getPort())
                .shutdownHook(false)
                .useNio(false)
                .protocolsDiscoverServices(false)
                .addProtocol(Http2Config.builder().maxHeaderListSize(16 * 1024).build())
                .addProtocol(GrpcConfig.builder().maxReadBufferSize(LONGEST_BYTES).build())
                .addRouting(GrpcRouting.builder().service(new ExtAuthzRoutes(authz)))
                .build()
                .start());
      } catch (UncheckedIOException | IllegalStateException e) {
        throw new IOException(String.valueOf(e.getMessage()), e);
      }
    }

    public int port() {
      return server.port();
    }

    @Override
    public void close() {
      server.stop();
    }
  }

  /** Messages as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readNBytes(LONGEST_BYTES);
      } catch (IOException e) {
        throw Status.INVALID_ARGUMENT.withCause(e).asRuntimeException();
      }
    }
  }
}
