package dev.troth.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read from a socket on which nothing, or something, is missing. */
final class HttpConversationTest {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String status(int status) {
    return "HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n";
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void pairsRequestAndResponseOfAKeptConnection(Role role) {
    Wiretap tap = new Wiretap(role);
    for (int i = 0; i < 5; i++) {
      tap.request(get("/" + i)).response(status(200 + i));
    }
    assertThat(tap.told())
        .containsExactly(
            "GET /0 200 COMPLETE",
            "GET /1 201 COMPLETE",
            "GET /2 202 COMPLETE",
            "GET /3 203 COMPLETE",
            "GET /4 204 COMPLETE");
    assertThat(tap.ended.getFirst().role()).isEqualTo(role);
  }

  @Test
  void takesTimesAndThreadsFromTheFirstAndLastBytes() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.onThread(1).request("GET / HT").request("TP/1.1\r\n\r\n");
    tap.onThread(2).response("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab").response("cd");
    Exchange exchange = tap.ended.getFirst();
    assertThat(exchange.start()).isEqualTo(2_000);
    assertThat(exchange.responseTime()).isEqualTo(4_000);
    assertThat(exchange.end()).isEqualTo(5_000);
    assertThat(exchange.requestThread()).isEqualTo(1);
    assertThat(exchange.responseThread()).isEqualTo(2);
    assertThat(exchange.responseBytes()).isEqualTo(4);
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(get("/1") + get("/2") + "GET /3 HT").request("TP/1.1\r\n\r\n");
    tap.response(status(201) + status(202)).response(status(203));
    assertThat(tap.told())
        .containsExactly("GET /1 201 COMPLETE", "GET /2 202 COMPLETE", "GET /3 203 COMPLETE");
  }

  @Test
  void followsChunkedBodiesAndTrailers() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(
        "POST /up HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
            + "5;x=y\r\nGET /\r\n3\r\n\r\n\r\r\n0\r\nT: 1\r\n\r\n"
            + get("/next"));
    tap.response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1");
    tap.response("\r\nx\r\n0\r\n\r\nHTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n");
    assertThat(tap.told()).containsExactly("POST /up 200 COMPLETE", "GET /next 404 COMPLETE");
    assertThat(tap.ended.getFirst().requestBytes()).isEqualTo(8);
    assertThat(tap.ended.getFirst().responseBytes()).isEqualTo(1);
  }

  @Test
  void takesTheFinalResponseAfterInterimOnes() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request("PUT /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    tap.response("HTTP/1.1 100 Continue\r\n\r\n").request("abc");
    tap.response("HTTP/1.1 103 Early Hints\r\nLink: y\r\n\r\n" + status(201));
    tap.request(GET).response(OK);
    assertThat(tap.told()).containsExactly("PUT /x 201 COMPLETE", "GET /a 200 COMPLETE");
  }

  @Test
  void knowsResponsesWithoutABody() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request("HEAD /h HTTP/1.1\r\n\r\n");
    tap.response("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n");
    tap.request(get("/304")).response("HTTP/1.1 304 N\r\nContent-Length: 40\r\n\r\n");
    tap.request(get("/204")).response("HTTP/1.1 204 N\r\n\r\n");
    tap.request(GET).response(OK);
    assertThat(tap.told())
        .containsExactly(
            "HEAD /h 200 COMPLETE",
            "GET /304 304 COMPLETE",
            "GET /204 204 COMPLETE",
            "GET /a 200 COMPLETE");
  }

  @Test
  void measuresABodyThatEndsWithTheConnectionToItsLastByte() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request("GET / HTTP/1.0\r\n\r\n").response("HTTP/1.0 200 OK\r\n\r\nab").response("cd");
    assertThat(tap.told()).isEmpty();
    tap.close();
    assertThat(tap.told()).containsExactly("GET / 200 COMPLETE");
    assertThat(tap.ended.getFirst().end()).isEqualTo(4_000);
  }

  @Test
  void tellsOfAbortedExchanges() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(get("/1") + get("/2"));
    tap.response("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nab").close();
    assertThat(tap.told()).containsExactly("GET /1 200 ABORTED", "GET /2 - ABORTED");
  }

  @Test
  void letsGoOfUpgradedConnectionsAndTunnels() {
    Wiretap upgrade = new Wiretap(Role.SERVER);
    upgrade.request("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
    upgrade.response("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n");
    upgrade.request("GET /not HTTP/1.1\r\n\r\n");
    assertThat(upgrade.told()).containsExactly("GET /ws 101 SWITCHED");
    assertThat(upgrade.muted).isTrue();
    assertThat(upgrade.began).hasSize(1);

    Wiretap tunnel = new Wiretap(Role.CLIENT);
    tunnel.request("CONNECT h:443 HTTP/1.1\r\n\r\n").response("HTTP/1.1 200 OK\r\n\r\n");
    assertThat(tunnel.told()).containsExactly("CONNECT h:443 200 SWITCHED");
  }

  @Test
  void seesThroughBodiesThatWereNotCaptured() {
    String body = "x".repeat(100_000);
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request("POST /big HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + body, 1_024);
    tap.response("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", 1_024);
    tap.response(body, 1_024);
    tap.request(GET).response(OK);
    assertThat(tap.told()).containsExactly("POST /big 200 COMPLETE", "GET /a 200 COMPLETE");
    assertThat(tap.ended.getFirst().requestBytes()).isEqualTo(100_000);
    assertThat(tap.ended.getFirst().responseBytes()).isEqualTo(100_000);
  }

  @Test
  void knowsTheEndOfAChunkedBodyFromItsLastBytes() {
    String body = "1869f\r\n" + "y".repeat(99_999) + "\r\n5\r\nhello\r\n0\r\n\r\n";
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(get("/c"));
    tap.response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body, 1_024);
    assertThat(tap.told()).containsExactly("GET /c 200 COMPLETE");
    tap.request(GET).response(OK);
    assertThat(tap.told()).endsWith("GET /a 200 COMPLETE");
  }

  @Test
  void saysWhereTheEndCouldNotBeTold() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(get("/c"));
    tap.response("HTTP/1.1 200 OK\r\nX: " + "y".repeat(5_000) + "\r\n\r\nbody", 1_024);
    tap.request(GET).response(OK);
    assertThat(tap.told()).containsExactly("GET /c 200 HEAD_ONLY", "GET /a 200 COMPLETE");
  }

  @Test
  void readsARequestWhoseLongHeadWasNotCapturedWhole() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request("GET /long HTTP/1.1\r\nCookie: " + "c".repeat(9_000) + "\r\n\r\n", 4_096);
    tap.response(OK).request(GET).response(OK);
    assertThat(tap.told()).containsExactly("GET /long 200 COMPLETE", "GET /a 200 COMPLETE");
  }

  @Test
  void aLostResponseTakesItsRequestAlongAndNoOther() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(get("/1")).lostResponse(status(201));
    tap.request(get("/2")).response(status(202));
    assertThat(tap.told()).containsExactly("GET /2 202 COMPLETE");
    assertThat(tap.abandoned).hasSize(1);
  }

  @Test
  void aLostRequestLeavesItsResponseAlone() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(get("/1")).response(status(201));
    tap.lostRequest(get("/2")).response(status(202));
    tap.request(get("/3")).response(status(203));
    assertThat(tap.told()).containsExactly("GET /1 201 COMPLETE", "GET /3 203 COMPLETE");
  }

  @Test
  void bytesLostWithinABodyOfKnownLengthHarmNothing() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(get("/1")).response("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab");
    tap.lostResponse("cd").response("ef");
    assertThat(tap.told()).containsExactly("GET /1 200 COMPLETE");
  }

  @Test
  void givesUpAConversationThatPipelinesAndLosesRequests() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request(get("/1") + get("/2")).response(status(201));
    tap.lostRequest(get("/3")).request(get("/4"));
    tap.response(status(202)).response(status(203)).response(status(204));
    assertThat(tap.told()).containsExactly("GET /1 201 COMPLETE");
    assertThat(tap.muted).isTrue();
  }

  @Test
  void aResponseMayBeToldOfBeforeItsRequest() {
    Wiretap tap = new Wiretap(Role.CLIENT);
    tap.request(get("/1")).response(status(201));
    // The event of the request comes late: its bytes are there, the event is not.
    tap.lostRequest(get("/2")).response(status(202));
    assertThat(tap.told()).hasSize(1);
    tap.requestAgain(get("/2"));
    assertThat(tap.told()).containsExactly("GET /1 201 COMPLETE", "GET /2 202 COMPLETE");
  }

  @Test
  void aResponseWhoseRequestNeverComesIsLetGo() {
    Wiretap tap = new Wiretap(Role.CLIENT);
    tap.request(get("/1")).response(status(201));
    tap.lostRequest(get("/2")).response(status(202)).tick(1_000_000_000);
    tap.request(get("/3")).response(status(203));
    assertThat(tap.told()).containsExactly("GET /1 201 COMPLETE", "GET /3 203 COMPLETE");
  }

  @Test
  void beginsInTheMiddleOfAConversation() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.lostRequest("x").response("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    tap.response("HTTP/1.1 ").request(get("/2")).response(status(202));
    assertThat(tap.told()).containsExactly("GET /2 202 COMPLETE");
  }

  @Test
  void aReadThatMeetsTheEndOfTheConnectionMissesNothing() {
    Wiretap server = new Wiretap(Role.SERVER);
    server.request(get("/1")).response(status(201));
    server.lostRequest("x").request(get("/2")).response(status(202));
    assertThat(server.told()).containsExactly("GET /1 201 COMPLETE", "GET /2 202 COMPLETE");

    Wiretap client = new Wiretap(Role.CLIENT);
    client.request(get("/1")).lostResponse("x").response(OK);
    assertThat(client.told()).containsExactly("GET /1 200 COMPLETE");
  }

  @Test
  void passesOverWhatIsNotHttp() {
    Wiretap tap = new Wiretap(Role.SERVER);
    tap.request("GET lost\r\n\r\n").response("+OK\r\n").request("\u0016\u0003\u0001");
    assertThat(tap.told()).isEmpty();
    assertThat(tap.began).isEmpty();
  }
}
