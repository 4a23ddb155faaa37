package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.troth.observe.capture.Hook;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.metrics.Sight;
import dev.troth.observe.metrics.Unread;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Lookups of real clients at real servers, seen at both ends. */
final class DnsTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final int DNS_PORT = 53;

  /** Resolvers are asked at port 53 alone; an address of its own keeps tests apart. */
  private final String address =
      "127.53.%d.%d"
          .formatted(
              ThreadLocalRandom.current().nextInt(1, 255),
              ThreadLocalRandom.current().nextInt(1, 255));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"SOCKET, batch", "SYS_EXIT, batch", "RAW, plain"})
  void twoQuestionsOfOneCallAreTwoLookups(Hook hook, String way) throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int count = Size.count(400, 50_000);
    Observer observer;
    try (Child server = server(address, DNS_PORT, way);
        Child client = asking("glibc", count)) {
      observer = observer(hook, server, client);
      try (observer) {
        client.input("go\n");
        assertThat(client.waitFor(LIMIT)).isZero();
      }
    }
    Map<String, Long> expected =
        Stream.iterate(0, i -> i < count, i -> i + 1)
            .flatMap(i -> Stream.of(line("n" + i, "A", four(i)), line("n" + i, "AAAA", six(i))))
            .collect(Collectors.toMap(Function.identity(), line -> 1L));
    for (Role role : Role.values()) {
      assertThat(lines(observer, role)).as("%s; %s", role, observer.counters()).isEqualTo(expected);
    }
    assertThat(observer.spans()).noneMatch(Span::failed);
    assertThat(observer.counters().requests()).isEqualTo(4L * count);
  }

  @ParameterizedTest
  @CsvSource({"SOCKET, ::1", "SYS_EXIT, 127.0.0.1"})
  void answersInAnyOrderGoToTheirQuestions(Hook hook, String host) throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    int count = Size.count(400, 100_000);
    Observer observer;
    try (Child server = server(host, port, "batch");
        Child client = Child.python(folder, "lookups.py", "unconnected", host, port, count)) {
      observer = observer(hook, server, client);
      try (observer) {
        client.input("go\n");
        assertThat(client.waitFor(LIMIT)).isZero();
      }
    }
    Map<String, Long> expected =
        Stream.iterate(0, i -> i < count, i -> i + 1)
            .flatMap(i ->
                i % 20 == 0
                    ? Stream.of(line("held" + i, "A", four(i)), line("release" + i, "A", four(i)))
                    : Stream.of(line("held" + i, "A", four(i))))
            .collect(Collectors.toMap(Function.identity(), line -> 1L));
    for (Role role : Role.values()) {
      assertThat(lines(observer, role)).as("%s; %s", role, observer.counters()).isEqualTo(expected);
    }
    String peer = InetAddress.getByName(host).getHostAddress();
    assertThat(of(observer, Role.CLIENT))
        .allMatch(span -> Observer.text(span, "server.address").equals(peer))
        .allMatch(span -> Observer.text(span, "server.port").equals("" + port));
    assertThat(of(observer, Role.SERVER))
        .allMatch(span -> Observer.text(span, "client.address").equals(peer));
  }

  @ParameterizedTest
  @EnumSource(
      value = Hook.class,
      names = {"SOCKET", "RAW"})
  void questionsOfOneConnectionAreAllSeenAndJoined(Hook hook) throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int count = 50;
    Observer observer;
    try (Child server = server(address, DNS_PORT, "plain");
        Child client = asking("stream", count)) {
      observer = observer(hook, server, client);
      try (observer) {
        client.input("go\n");
        assertThat(client.waitFor(LIMIT)).isZero();
      }
    }
    Map<String, Long> expected =
        Stream.iterate(0, i -> i < count, i -> i + 1)
            .map(i -> line("n" + i + "." + "y".repeat(60), "A", four(i)))
            .collect(Collectors.toMap(Function.identity(), line -> 1L));
    for (Role role : Role.values()) {
      assertThat(lines(observer, role)).as("%s; %s", role, observer.counters()).isEqualTo(expected);
    }
    Map<Long, String> names =
        of(observer, Role.CLIENT).stream().collect(Collectors.toMap(Span::id, Span::name));
    assertThat(of(observer, Role.SERVER))
        .allMatch(span -> span.name().equals(names.get(span.parent())));
  }

  @Test
  void whatIsAskedAgainAnsweredTwiceOrNeverIsSaid() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    Observer observer;
    try (Child server = server("127.0.0.1", port, "plain");
        Child client = Child.python(folder, "lookups.py", "retries", "127.0.0.1", port, 1)) {
      observer = observer(Hook.SOCKET, server, client);
      try (observer) {
        client.input("go\n");
        assertThat(client.waitFor(LIMIT)).isZero();
      }
    }
    assertThat(of(observer, Role.CLIENT).stream().map(DnsTest::outcome))
        .containsExactlyInAnyOrder(
            "held1.test 10.0.0.1  2",
            "release2.test 10.0.0.2  ",
            "twice3.test 10.0.0.3  ",
            "nx4.test  NXDOMAIN ",
            "fail5.test  SERVFAIL ",
            "drop6.test  timeout 3");
    // Which of two equal questions it answered is not certain to a server.
    assertThat(of(observer, Role.SERVER).stream().map(DnsTest::outcome))
        .containsExactlyInAnyOrder(
            "release2.test 10.0.0.2  ",
            "twice3.test 10.0.0.3  ",
            "nx4.test   ",
            "fail5.test  SERVFAIL ");
    assertThat(observer.counters().abandoned()).isEqualTo(2);
  }

  @Test
  void otherDatagramsAreCountedByName() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    Observer observer;
    try (DatagramSocket sink = new DatagramSocket(port, InetAddress.getLoopbackAddress());
        Child client = Child.python(folder, "lookups.py", "others", "127.0.0.1", port, 1)) {
      observer = observer(Hook.SOCKET, client);
      try (observer) {
        client.input("go\n");
        assertThat(client.waitFor(LIMIT)).isZero();
      }
      assertThat(sink.isBound()).isTrue();
    }
    assertThat(observer.spans()).isEmpty();
    assertThat(observer.counters().unread())
        .extracting(Unread::what, Unread::connections)
        .containsExactlyInAnyOrder(
            tuple("UDP other than DNS", 1L), tuple("QUIC, as of HTTP/3,", 1L));
  }

  @Test
  void everyQuestionIsSeenOnceAsARealResolverLogsIt() throws Exception {
    Kernel.requirePrivilege();
    for (String program : List.of("dnsmasq", "dig", "node", "python3")) {
      Kernel.requireProgram(program);
    }
    Path log = folder.resolve("dnsmasq.log");
    Observer observer;
    try (Child server = dnsmasq(log);
        Child glibc = asking("glibc", 50);
        Child java =
            inside(
                Child.javaCommand(
                    "-Xmx64m",
                    DnsLookups.class,
                    "one.test",
                    "two.test",
                    "none.other.test",
                    "six.test"));
        Child node =
            inside(List.of("node", Child.resource("lookups.js"), "one.test", "gone.test"));
        Child dig =
            inside(List.of("dig", "@" + address, "+tries=1", "+noall", "+answer", "-f", "-"))) {
      observer = observer(Hook.SOCKET, server, glibc, java, node, dig);
      try (observer) {
        glibc.input("go\n");
        java.input("go\n");
        node.input("go\n");
        dig.input("one.test A\ntwo.test AAAA +tcp\nlong.test TXT\nother.test MX\n");
        for (Child client : List.of(glibc, java, node, dig)) {
          client.waitFor(LIMIT);
        }
      }
    }
    Map<String, Long> logged = new HashMap<>();
    Pattern query = Pattern.compile("query\\[(\\w+)\\] (\\S+) from");
    for (String line : Files.readAllLines(log)) {
      Matcher found = query.matcher(line);
      if (found.find()) {
        logged.merge(found.group(2) + " " + found.group(1), 1L, Long::sum);
      }
    }
    logged.remove("a A"); // asked before the agent
    assertThat(logged).hasSizeGreaterThan(105);
    for (Role role : Role.values()) {
      Map<String, Long> seen =
          of(observer, role).stream()
              .collect(
                  Collectors.groupingBy(
                      span ->
                          Observer.text(span, "dns.question.name")
                              + " "
                              + Observer.text(span, "troth.dns.question.type"),
                      Collectors.counting()));
      assertThat(seen).as("%s; %s", role, observer.counters()).isEqualTo(logged);
    }
    assertThat(of(observer, Role.CLIENT))
        .filteredOn(span -> Observer.text(span, "dns.question.name").equals("long.test"))
        .extracting(
            span -> Observer.text(span, "network.transport"),
            span -> Observer.text(span, "troth.dns.truncated"))
        .containsExactlyInAnyOrder(tuple("udp", "true"), tuple("tcp", ""));
    // Both ends of a TCP connection are joined by position.
    assertThat(of(observer, Role.SERVER))
        .filteredOn(span -> Observer.text(span, "network.transport").equals("tcp"))
        .isNotEmpty()
        .allMatch(span -> observer.spans().stream().anyMatch(other -> other.id() == span.parent()));
    assertThat(observer.sights())
        .filteredOn(sight -> sight.service().equals("dnsmasq"))
        .flatExtracting(Sight::seen)
        .extracting(Sight.Seen::protocol)
        .containsOnly("DNS");
  }

  private Child dnsmasq(Path log) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--user=root",
                "--pid-file=",
                "--no-resolv",
                "--no-hosts",
                "--bind-interfaces",
                "--listen-address=" + address,
                "--local=/test/",
                "--log-queries",
                "--log-facility=" + log,
                "--host-record=one.test,10.0.0.1,fd00::1",
                "--host-record=two.test,10.0.0.2,fd00::2",
                "--host-record=none.other.test,10.0.0.3",
                "--host-record=six.test,fd00::6"));
    for (int i = 0; i < 50; i++) {
      command.add("--host-record=n%d.test,%s,fd00::%x".formatted(i, four(i), i + 1));
    }
    command.add("--txt-record=long.test" + (",\"" + "t".repeat(200) + "\"").repeat(8));
    return answering(Child.start(folder, command), address, DNS_PORT);
  }

  private Child server(String host, int port, String way) throws IOException {
    return answering(Child.python(folder, "dns.py", host, port, way), host, port);
  }

  /** Waits until it answers, before it is watched. */
  private static Child answering(Child server, String host, int port) throws IOException {
    byte[] question = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(50);
      for (int i = 0; i < 400; i++) {
        try {
          socket.send(
              new DatagramPacket(question, question.length, new InetSocketAddress(host, port)));
          socket.receive(new DatagramPacket(new byte[512], 512));
          return server;
        } catch (SocketTimeoutException notYet) {
          // it does not listen yet
        }
      }
    }
    server.close();
    throw new AssertionError("no answer at " + host);
  }

  /** A client by the C library, whose resolver is the address. */
  private Child asking(String mode, int count) throws IOException {
    return inside(
        List.of("python3", Child.resource("lookups.py"), mode, address, "" + DNS_PORT, "" + count));
  }

  /** Runs the command where {@code /etc/resolv.conf} names the address. */
  private Child inside(List<String> command) throws IOException {
    Path names = folder.resolve("resolv.conf");
    Files.writeString(names, "nameserver " + address + "\noptions timeout:30\n");
    List<String> all =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                names.toString()));
    all.addAll(command);
    return Child.start(folder, all);
  }

  private static Observer observer(Hook hook, Child... children) throws IOException {
    return Observer.of(
        ObserveConfig.defaults()
            .withInstrument(
                Stream.of(children).map(child -> Selector.ofProcess(child.pid())).toList())
            .withHook(hook));
  }

  private static List<Span> of(Observer observer, Role role) {
    return observer.spans().stream().filter(span -> span.role() == role).toList();
  }

  private static Map<String, Long> lines(Observer observer, Role role) {
    return of(observer, role).stream()
        .map(span ->
            line(
                Observer.text(span, "dns.question.name").replace(".test", ""),
                Observer.text(span, "troth.dns.question.type"),
                Observer.text(span, "dns.answers")))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private static String line(String name, String type, String answer) {
    return name + " " + type + " " + answer;
  }

  private static String outcome(Span span) {
    return Stream.of("dns.question.name", "dns.answers", "error.type", "troth.dns.questions")
        .map(name -> Observer.text(span, name))
        .collect(Collectors.joining(" "));
  }

  private static String four(int number) {
    return "10.%d.%d.%d".formatted(number >> 16, number >> 8 & 0xff, number & 0xff);
  }

  private static String six(int number) {
    return "0:0:0:0:0:0:%x:%x".formatted(number >> 16, number & 0xffff);
  }
}
