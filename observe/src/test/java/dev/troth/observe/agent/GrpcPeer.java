package dev.troth.observe.agent;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server that logs "METHOD number code" for each call, and clients that call it once its
 * input has ended; arguments: port, log file, number of calls.
 */
final class GrpcPeer {
  private static final int CLIENTS = 4;
  private static final Status.Code[] CODES = {
    Status.Code.OK, Status.Code.NOT_FOUND, Status.Code.OK, Status.Code.INTERNAL
  };

  private static final Metadata.Key<String> NUMBER =
      Metadata.Key.of("x-number", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> NUMBERED = Context.key("number");

  private GrpcPeer() {}

  /** Keeps the number that a call carries. */
  private static final class Numbers implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      Context context = Context.current().withValue(NUMBERED, headers.get(NUMBER));
      return Contexts.interceptCall(context, call, headers, next);
    }
  }

  private static final MethodDescriptor<byte[], byte[]> GET = method("Get", false);
  private static final MethodDescriptor<byte[], byte[]> LIST = method("List", true);

  private static MethodDescriptor<byte[], byte[]> method(String name, boolean streams) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(
            streams
                ? MethodDescriptor.MethodType.SERVER_STREAMING
                : MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("shop.v1.Orders/" + name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }
  }

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    List<String> log = new ArrayList<>();
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                InsecureServerCredentials.create())
            .intercept(new Numbers())
            .addService(
                ServerServiceDefinition.builder("shop.v1.Orders")
                    .addMethod(
                        GET, ServerCalls.asyncUnaryCall((in, out) -> answer(log, "Get", in, out)))
                    .addMethod(
                        LIST,
                        ServerCalls.asyncServerStreamingCall(
                            (in, out) -> answer(log, "List", in, out)))
                    .build())
            .build()
            .start();
    System.in.readAllBytes();
    call(port, Integer.parseInt(args[2]));
    server.shutdown();
    server.awaitTermination(30, TimeUnit.SECONDS);
    Files.write(Path.of(args[1]), log);
  }

  private static void answer(
      List<String> log, String method, byte[] in, StreamObserver<byte[]> out) {
    Status.Code code = CODES[in[0]];
    synchronized (log) {
      log.add("shop.v1.Orders/" + method + " " + NUMBERED.get() + " " + code);
    }
    if (code != Status.Code.OK) {
      out.onError(code.toStatus().withDescription("as asked").asRuntimeException());
      return;
    }
    for (int i = method.equals("List") ? 5 : 1; i > 0; i--) {
      out.onNext(new byte[3_000]);
    }
    out.onCompleted();
  }

  private static void call(int port, int count) throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int first = i;
      threads.add(Thread.ofPlatform().start(() -> client(port, first, count)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void client(int port, int first, int count) {
    ManagedChannel connection =
        Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
    for (int i = first; i < count; i += CLIENTS) {
      Metadata headers = new Metadata();
      headers.put(NUMBER, Integer.toString(i));
      Channel channel =
          ClientInterceptors.intercept(
              connection, MetadataUtils.newAttachHeadersInterceptor(headers));
      byte[] in = {(byte) (i / CLIENTS % CODES.length), 1, 2, 3};
      try {
        if (i / CLIENTS % 5 == 0) {
          Iterator<byte[]> all =
              ClientCalls.blockingServerStreamingCall(channel, LIST, CallOptions.DEFAULT, in);
          while (all.hasNext()) {
            all.next();
          }
        } else {
          ClientCalls.blockingUnaryCall(channel, GET, CallOptions.DEFAULT, in);
        }
      } catch (StatusRuntimeException asAsked) {
        // a part of the calls is to fail
      }
    }
    connection.shutdownNow();
  }
}
