package dev.troth.server.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Verdict;
import dev.troth.gate.config.GateConfig;
import dev.troth.gate.core.Reason;
import dev.troth.gate.http.ClaimHeaders;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.keys.Keyring;
import dev.troth.server.TestPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Envoy's question over gRPC on a real platform, in the bytes that Envoy's protocol has. */
class ExtAuthzTest {
  private static TestPlatform platform;
  private static OkHttpClient client;

  @BeforeAll
  static void start() {
    platform = TestPlatform.start();
    client =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
            .callTimeout(Duration.ofSeconds(20))
            .build();
  }

  @AfterAll
  static void stop() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
    platform.close();
  }

  @Test
  void aGoodTokenPassesWithItsClaimsAsHeaders() throws Exception {
    String token = platform.ownersToken();
    byte[] response = check(request(headers("authorization", "Bearer " + token)));

    assertThat(status(response)).isZero();
    byte[] ok = one(response, 3);
    List<String> names = new ArrayList<>();
    for (byte[] option : all(ok, 2)) {
      names.add(text(one(option, 1), 1));
      // OVERWRITE_IF_EXISTS_OR_ADD: what the client sent under this name does not stay.
      assertThat(number(option, 3)).isEqualTo(2);
    }
    assertThat(names).containsExactly("X-Auth-Role", "X-Auth-Subject");
    assertThat(text(one(all(ok, 2).getFirst(), 1), 2)).isEqualTo("admin");
  }

  @Test
  void headersMayComeAsAListWithRawValues() throws Exception {
    ProtoWriter entry =
        new ProtoWriter().text(1, "authorization").text(3, "bearer " + platform.ownersToken());
    ProtoWriter http = new ProtoWriter().message(13, new ProtoWriter().message(1, entry));

    assertThat(status(check(request(http)))).isZero();
    ProtoWriter twice =
        new ProtoWriter().message(13, new ProtoWriter().message(1, entry).message(1, entry));
    assertThat(status(check(request(twice)))).as("two tokens are ambiguous").isEqualTo(16);
  }

  @Test
  void aBadTokenIsDeniedWith401AndItsReason() throws Exception {
    byte[] response = check(request(headers("authorization", "Bearer a.b.c")));

    assertThat(status(response)).isEqualTo(16);
    byte[] denied = one(response, 2);
    assertThat(number(one(denied, 1), 1)).isEqualTo(401);
    assertThat(text(denied, 3))
        .isEqualTo("{\"valid\":false,\"error\":\"invalid token\",\"reason\":\"encoding_invalid\"}");
    assertThat(text(one(all(denied, 2).getFirst(), 1), 1)).isEqualTo("WWW-Authenticate");
    assertThat(text(one(all(denied, 2).getFirst(), 1), 2)).contains("error=\"invalid_token\"");
  }

  @Test
  void noTokenIsToldHowToComeByOne() throws Exception {
    for (ProtoWriter http :
        List.of(
            new ProtoWriter(),
            headers("x-authorization", "Bearer x"),
            headers("authorization", "Basic eA=="))) {
      byte[] denied = one(check(request(http)), 2);
      assertThat(text(one(all(denied, 2).getFirst(), 1), 2)).isEqualTo("Bearer realm=\"troth\"");
    }
  }

  @Test
  void aMessageThatIsNoneIsRefused() throws Exception {
    Answer answer = send(platform.port("otlp-grpc"), new byte[] {0x0A, 0x7F, 1});

    assertThat(answer.grpcStatus()).as("INVALID_ARGUMENT").isEqualTo("3");
    assertThat(answer.body()).isEmpty();
    // The next question on the same connection is answered.
    assertThat(status(check(request(new ProtoWriter())))).isEqualTo(16);
  }

  @Test
  void aListenerOfItsOwnAnswersToo() throws Exception {
    ExtAuthz nobody =
        new ExtAuthz(
            token -> new Verdict.Refused(Reason.REVOKED),
            ServiceSettings.of(ClaimHeaders.parse("sub:X-Auth-Subject")));
    try (ExtAuthzRoutes.Server server =
        ExtAuthzRoutes.Server.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), nobody)) {
      byte[] request = request(headers("authorization", "Bearer x"));
      Answer answer = send(server.port(), request);

      assertThat(answer.grpcStatus()).isEqualTo("0");
      assertThat(new String(answer.body(), UTF_8)).contains("\"reason\":\"revoked\"");
    }
  }

  @Test
  void rulesPreflightAndCookiesHoldOverGrpcToo() throws Exception {
    String json =
        "{\"issuers\":[{\"keys\":\"k\"}],\"cookie\":\"session\",\"rules\":["
            + "{\"path\":\"/health\",\"open\":true},{\"path\":\"/orders\",\"scopes\":[\"read\"]}]}";
    ServiceSettings settings = GateConfig.read(json.getBytes(UTF_8)).service();
    Gate gate = Gate.of(Keyring.secret(SECRET), Policy.DEFAULT);
    ExtAuthz authz =
        new ExtAuthz(
            token ->
                token.isEmpty() ? new Verdict.Refused(Reason.TOKEN_MISSING) : gate.check(token),
            settings);
    assertThat(status(authz.check(about("GET", "/health", new ProtoWriter())))).isZero();
    assertThat(status(authz.check(about("GET", "/orders", new ProtoWriter())))).isEqualTo(16);
    String read = token("{\"scope\":\"read\"}");
    assertThat(status(authz.check(about("GET", "/orders", headers("cookie", "session=" + read)))))
        .isZero();
    byte[] denied =
        authz.check(about("GET", "/orders", headers("authorization", "Bearer " + token("{}"))));
    assertThat(status(denied)).as("PERMISSION_DENIED").isEqualTo(7);
    assertThat(number(one(one(denied, 2), 1), 1)).isEqualTo(403);
    byte[] hidden =
        authz.check(
            about("GET", "/x/../orders", headers("authorization", "Bearer " + token("{}"))));
    assertThat(status(hidden)).isEqualTo(7);
    ProtoWriter preflight =
        headers("origin", "https://shop.example")
            .message(3, new ProtoWriter().text(1, "access-control-request-method").text(2, "POST"));
    assertThat(status(authz.check(about("OPTIONS", "/orders", preflight)))).isZero();
    assertThat(status(authz.check(about("POST", "/orders", preflight)))).isEqualTo(16);
  }

  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

  private static String token(String claims) throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String text =
        base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(UTF_8))
            + "."
            + base64.encodeToString(claims.getBytes(UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
    return text + "." + base64.encodeToString(mac.doFinal(text.getBytes(UTF_8)));
  }

  private static byte[] about(String method, String path, ProtoWriter http) {
    return new ProtoWriter()
        .message(
            1,
            new ProtoWriter()
                .message(4, new ProtoWriter().message(2, http.text(2, method).text(4, path))))
        .toBytes();
  }

  /** A {@code CheckRequest}: attributes (1), request (4), http (2); a source (1) beside them. */
  private static byte[] request(ProtoWriter http) {
    ProtoWriter attributes =
        new ProtoWriter()
            .message(1, new ProtoWriter().text(2, "ingress"))
            .message(4, new ProtoWriter().message(2, http.text(2, "GET").text(4, "/orders")));
    return new ProtoWriter().message(1, attributes).toBytes();
  }

  private static ProtoWriter headers(String name, String value) {
    return new ProtoWriter()
        .message(3, new ProtoWriter().text(1, ":authority").text(2, "shop"))
        .message(3, new ProtoWriter().text(1, name).text(2, value));
  }

  private static byte[] check(byte[] request) throws Exception {
    Answer answer = send(platform.port("otlp-grpc"), request);
    assertThat(answer.grpcStatus()).isEqualTo("0");
    ByteBuffer frame = ByteBuffer.wrap(answer.body());
    assertThat(frame.get()).as("not compressed").isZero();
    byte[] message = new byte[frame.getInt()];
    frame.get(message);
    assertThat(frame.hasRemaining()).isFalse();
    return message;
  }

  /** What came back: the frame, and gRPC's status from the trailers. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(byte[] body, String grpcStatus) {}

  private static Answer send(int port, byte[] message) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(5 + message.length).put((byte) 0);
    frame.putInt(message.length).put(message);
    Request request =
        new Request.Builder()
            .url("http://127.0.0.1:%d/envoy.service.auth.v3.Authorization/Check".formatted(port))
            .header("te", "trailers")
            .post(RequestBody.create(frame.array(), MediaType.get("application/grpc")))
            .build();
    try (Response response = client.newCall(request).execute()) {
      byte[] body = response.body().bytes();
      String status = response.trailers().get("grpc-status");
      return new Answer(
          body, status == null ? String.valueOf(response.header("grpc-status")) : status);
    }
  }

  private static int status(byte[] response) throws IOException {
    return number(one(response, 1), 1);
  }

  private static byte[] one(byte[] message, int field) throws IOException {
    List<byte[]> values = all(message, field);
    assertThat(values).as("field %d", field).hasSize(1);
    return values.getFirst();
  }

  private static String text(byte[] message, int field) throws IOException {
    return new String(one(message, field), UTF_8);
  }

  private static int number(byte[] message, int field) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    int found = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == ((field << 3) | WireFormat.WIRETYPE_VARINT)) {
        found = in.readInt32();
      } else {
        in.skipField(tag);
      }
    }
    return found;
  }

  private static List<byte[]> all(byte[] message, int field) throws IOException {
    List<byte[]> values = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == ((field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        values.add(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
    return values;
  }
}
