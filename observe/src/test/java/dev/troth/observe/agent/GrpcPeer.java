package dev.troth.observe.agent;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
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
 * A gRPC server that logs "METHOD code" for each call, and clients that call it once its input has
 * ended; arguments: port, log file, number of calls.
 */
final class GrpcPeer {
  private static final int CLIENTS = 4;
  private static final Status.Code[] CODES = {
    Status.Code.OK, Status.Code.NOT_FOUND, Status.Code.OK, Status.Code.INTERNAL
  };

  private GrpcPeer() {}

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
      log.add("shop.v1.Orders/" + method + " " + code);
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
      threads.add(Thread.ofPlatform().start(() -> client(port, count / CLIENTS)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void client(int port, int count) {
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
    for (int i = 0; i < count; i++) {
      byte[] in = {(byte) (i % CODES.length), 1, 2, 3};
      try {
        if (i % 5 == 0) {
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
    channel.shutdownNow();
  }
}
