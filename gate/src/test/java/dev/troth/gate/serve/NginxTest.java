package dev.troth.gate.serve;

import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.hs256;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.keys.Keyring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real nginx that asks gate by {@code auth_request}, as docs/gate.md configures it. */
class NginxTest {
  private static final String CONFIGURATION =
      """
      daemon off;
      master_process off;
      pid %1$s/pid;
      error_log %1$s/error.log;
      events {}
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        server {
          listen 127.0.0.1:%2$d;
          location / {
            auth_request /_gate;
            auth_request_set $subject $upstream_http_x_auth_subject;
            proxy_set_header X-Auth-Subject $subject;
            proxy_pass http://127.0.0.1:%3$d;
          }
          location = /_gate {
            internal;
            proxy_pass http://127.0.0.1:%4$d/auth;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
          }
        }
      }
      """;

  @Test
  void requestsPassWithTheirSubjectOrNotAtAll(@TempDir Path folder) throws Exception {
    Path nginx =
        List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/bin/nginx")).stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of(""));
    assumeTrue(Files.isExecutable(nginx) && !nginx.toString().isEmpty(), "nginx is not installed");
    HttpServer service =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/",
        exchange -> {
          String subject = String.valueOf(exchange.getRequestHeaders().getFirst("X-Auth-Subject"));
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(subject.getBytes(UTF_8));
          exchange.close();
        });
    service.start();
    InstantSource clock = InstantSource.system();
    Gate gate = new Gate(Keyring.secret(SECRET), Policy.DEFAULT, Gate.javaEngine(), clock);
    int port = freePort();
    Path configuration = folder.resolve("nginx.conf");
    try (GateServer server =
        GateServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new GateChecker(gate, clock),
            ServiceSettings.DEFAULT,
            GateServer.Limits.DEFAULT)) {
      Files.writeString(
          configuration,
          CONFIGURATION.formatted(folder, port, service.getAddress().getPort(), server.port()));
      Process process =
          new ProcessBuilder(nginx.toString(), "-c", configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("output").toFile())
              .start();
      try {
        await().ignoreExceptions().until(() -> ask(port, "") == 401);
        assertThat(ask(port, "Authorization: Bearer " + hs256("{\"sub\":\"alice\"}")))
            .isEqualTo(200);
        assertThat(body(port, hs256("{\"sub\":\"alice\"}"))).contains("alice");
        assertThat(ask(port, "Authorization: Bearer " + hs256("{\"exp\":1}"))).isEqualTo(401);
        assertThat(ask(port, "X-Auth-Subject: root")).isEqualTo(401);
      } finally {
        process.destroy();
        process.waitFor();
      }
    } finally {
      service.stop(0);
    }
  }

  private static int ask(int port, String field) throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client.send(HttpHostContract.request("GET /orders", field, "")).read().status();
    }
  }

  private static String body(int port, String token) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.send("GET /orders HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n");
      return client.readToEnd();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
