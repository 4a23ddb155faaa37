package dev.troth.observe.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes as a {@code /proc} made of files tells of them. */
final class DiscoveryTest {
  @TempDir Path proc;

  @BeforeEach
  void someProcesses() throws IOException {
    process(41, 1_000, "/nowhere/node");
    process(42, 2_000, "/nowhere/python3");
  }

  @Test
  void aNumberThatIsGivenAgainIsAnotherProcess() throws IOException {
    Discovery discovery = discovery(Selector.ofProcess(42));
    Target before = discovery.look(42).orElseThrow();
    assertThat(discovery.isAlive(before)).isTrue();
    process(42, 2_001, "/nowhere/python3");
    assertThat(discovery.isAlive(before)).isFalse();
    assertThat(discovery.look(42)).isEmpty();
    assertThat(discovery.scan()).isEmpty();
  }

  @Test
  void aProgramIsFoundAgainUnderWhateverNumber() throws IOException {
    Discovery discovery = discovery(Selector.ofExecutable("*/python3"));
    Target before = discovery.look(42).orElseThrow();
    process(42, 2_001, "/nowhere/python3");
    assertThat(discovery.look(42)).isPresent().get().isNotEqualTo(before);
    assertThat(discovery.scan()).containsOnlyKeys(42);
  }

  @Test
  void theAgentNeverWatchesItself() throws IOException {
    process(7, 1, "/nowhere/node");
    assertThat(discovery(Selector.ofExecutable("*/node")).scan()).containsOnlyKeys(41);
  }

  @Test
  void aProgramGivenAsAnArgumentNamesNobody() throws IOException {
    for (String option : List.of("-e", "--eval", "-p")) {
      Files.writeString(
          proc.resolve("41/cmdline"), "/nowhere/node\0" + option + "\0serve(secret())\0");
      assertThat(discovery(Selector.ofProcess(41)).look(41).orElseThrow().service())
          .isEqualTo("node");
    }
    Files.writeString(proc.resolve("41/cmdline"), "/nowhere/node\0/srv/orders.js\0");
    assertThat(discovery(Selector.ofProcess(41)).look(41).orElseThrow().service())
        .isEqualTo("orders");
  }

  @Test
  void aServiceIsNamedByWhatItWasStartedAs() throws IOException {
    process(43, 1_000, "/usr/bin/redis-check-rdb");
    for (String first :
        List.of(
            "/usr/bin/redis-server", "redis-server *:6379", "-redis-server", "redis-server: x")) {
      Files.writeString(proc.resolve("43/cmdline"), first + "\0--port\0");
      assertThat(discovery(Selector.ofProcess(43)).look(43).orElseThrow().service())
          .as(first)
          .isEqualTo("redis-server");
    }
    Files.writeString(proc.resolve("43/cmdline"), "/opt/My App/redis-check-rdb\0");
    assertThat(discovery(Selector.ofProcess(43)).look(43).orElseThrow().service())
        .isEqualTo("redis-check-rdb");
    Files.writeString(proc.resolve("43/cmdline"), "");
    Files.createDirectories(proc.resolve("43/task/43"));
    Files.writeString(proc.resolve("43/task/43/comm"), "redis\n");
    assertThat(discovery(Selector.ofProcess(43)).look(43).orElseThrow().service())
        .isEqualTo("redis");
  }

  @Test
  void aServiceWhoseNameWouldSteerATerminalBearsAnother() throws IOException {
    Files.writeString(
        proc.resolve("41/cmdline"), "/nowhere/node\0/srv/ev\u001b]0;x\u0007\nfake.js\0");
    assertThat(discovery(Selector.ofProcess(41)).look(41).orElseThrow().service())
        .isEqualTo("ev\uFFFD]0;x\uFFFD\uFFFDfake");
    Files.writeString(proc.resolve("41/environ"), "OTEL_SERVICE_NAME=sv\u202ec\0");
    assertThat(discovery(Selector.ofProcess(41)).look(41).orElseThrow().resource())
        .containsEntry("service.name", "sv\uFFFDc");
  }

  @Test
  void aControlGroupTakesInItsProcessesAndNoOthers() throws IOException {
    String container = "ab".repeat(32);
    Files.writeString(
        proc.resolve("41/cgroup"),
        "4:memory:/docker/%s\n0::/docker/%s\n".formatted(container, container));
    Files.writeString(proc.resolve("42/cgroup"), "4:memory:/\n0::/system.slice/a:b.service\n");
    assertThat(discovery(Selector.ofCgroup("*" + container)).scan()).containsOnlyKeys(41);
    assertThat(discovery(Selector.ofCgroup("/system.slice/a:b.service")).scan())
        .containsOnlyKeys(42);
    assertThat(discovery(Selector.ofCgroup("/docker/*")).look(41).orElseThrow().resource())
        .containsEntry("container.id", container);
  }

  @Test
  void whatIsExcludedIsNoTarget() {
    Discovery discovery =
        new Discovery(
            new ProcessTable(proc),
            List.of(Selector.ofExecutable("/nowhere/*")),
            List.of(Selector.ofExecutable("*/node")),
            7,
            "host");
    assertThat(discovery.scan()).containsOnlyKeys(42);
  }

  @Test
  void aPodIsKnownByTheNamesThatItsNodeGivesIt() throws IOException {
    String[] uids = {
      "0f8b1c2d-1111-4222-8333-abcdefabcdef", "1f8b1c2d-1111-4222-8333-abcdefabcdef",
      "2f8b1c2d-1111-4222-8333-abcdefabcdef", "5d41402abc4b2a76b9719d911017c592"
    };
    String[] ids = {"a1".repeat(32), "b2".repeat(32), "c3".repeat(32), "d4".repeat(32)};
    // containerd by systemd in version 2, CRI-O in version 1, Docker without systemd, a node's own.
    group(
        41,
        "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod%s.slice/cri-containerd-%s.scope"
            .formatted(uids[0].replace('-', '_'), ids[0]));
    group(
        42,
        "4:memory:/kubepods.slice/kubepods-pod%s.slice/crio-%s.scope\n1:name=systemd:/x"
            .formatted(uids[1].replace('-', '_'), ids[1]));
    process(43, 3_000, "/nowhere/ruby");
    group(43, "4:memory:/kubepods/burstable/pod%s/%s".formatted(uids[2], ids[2]));
    process(44, 4_000, "/nowhere/etcd");
    group(44, "0::/kubepods/burstable/pod%s/%s".formatted(uids[3], ids[3]));
    process(45, 5_000, "/nowhere/sshd");
    group(45, "0::/system.slice/ssh.service");
    logged("shop", "orders-7c9f-x2x", uids[0], "main", ids[0]);
    logged("shop", "cart-1", uids[1], "proxy-2", ids[1]);
    logged("kube-system", "etcd-node", uids[3], "etcd", ids[3]);

    assertThat(discovery(in("shop", null, null)).scan()).containsOnlyKeys(41, 42);
    assertThat(discovery(in(null, "orders-*", null)).scan()).containsOnlyKeys(41);
    assertThat(discovery(in("shop", null, "proxy-2")).scan()).containsOnlyKeys(42);
    assertThat(discovery(in("kube-*", "etcd-node", "etcd")).scan()).containsOnlyKeys(44);
    assertThat(discovery(in("shop", "etcd-node", null)).scan()).isEmpty();
    assertThat(discovery(in("shop", null, null)).look(42).orElseThrow().resource())
        .containsEntry("k8s.namespace.name", "shop")
        .containsEntry("k8s.pod.name", "cart-1")
        .containsEntry("k8s.container.name", "proxy-2")
        .containsEntry("k8s.pod.uid", uids[1])
        .containsEntry("container.id", ids[1]);
    Placement contained =
        new Placement(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);
    assertThat(discovery(selector(contained)).scan()).containsOnlyKeys(41, 42, 43, 44);
  }

  @Test
  void aNameThatIsNotCertainChoosesNobodyAndIsSaid() throws IOException {
    group(41, "0::/kubepods/pod0f8b1c2d-1111-4222-8333-abcdefabcdef/" + "a1".repeat(32));
    environment(41, "HOSTNAME=orders-1", "KUBERNETES_SERVICE_HOST=10.0.0.1");
    Discovery discovery = discovery(in(null, "orders-1", null));
    assertThat(discovery.scan()).isEmpty();
    assertThat(discovery.note().orElseThrow()).startsWith("1 pods have names that are not known");
    assertThat(discovery.note()).isEmpty();

    environment(41, "OTEL_RESOURCE_ATTRIBUTES=k8s.pod.name=orders-1,k8s.container.name=main,x=y");
    assertThat(discovery(in(null, "orders-1", "main")).scan()).containsOnlyKeys(41);
    assertThat(discovery(in("shop", null, null)).scan()).isEmpty();
    Path account = proc.resolve("41/root/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    Files.createDirectories(account.getParent());
    Files.writeString(account, "shop");
    assertThat(discovery(in("shop", null, null)).scan()).containsOnlyKeys(41);
    // Outside of pods no name of one is believed.
    group(41, "0::/user.slice");
    assertThat(discovery(in("shop", null, null)).scan()).isEmpty();
  }

  private static Selector in(
      @Nullable String namespace, @Nullable String pod, @Nullable String container) {
    return selector(
        new Placement(Optional.empty(), glob(namespace), glob(pod), glob(container), false));
  }

  private static Optional<Glob> glob(@Nullable String pattern) {
    return Optional.ofNullable(pattern).map(Glob::new);
  }

  private static Selector selector(Placement placement) {
    return new Selector(
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        placement,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  private void group(int process, String lines) throws IOException {
    Files.writeString(proc.resolve(process + "/cgroup"), lines + "\n");
  }

  private void environment(int process, String... variables) throws IOException {
    Files.writeString(proc.resolve(process + "/environ"), String.join("\0", variables) + "\0");
  }

  /** What the kubelet writes on its node. */
  private void logged(String namespace, String pod, String uid, String container, String id)
      throws IOException {
    Path logs = proc.resolve("1/root/var/log");
    Files.createDirectories(logs.resolve("pods/%s_%s_%s".formatted(namespace, pod, uid)));
    Files.createDirectories(logs.resolve("containers"));
    Files.createFile(
        logs.resolve("containers/%s_%s_%s-%s.log".formatted(pod, namespace, container, id)));
  }

  private Discovery discovery(Selector selector) {
    return new Discovery(new ProcessTable(proc), List.of(selector), List.of(), 7, "host");
  }

  private void process(int number, long startTicks, String executable) throws IOException {
    Path folder = proc.resolve(Integer.toString(number));
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("stat"),
        "%d (a b) c) S 1 %s%d 0".formatted(number, "0 ".repeat(17), startTicks));
    Files.writeString(folder.resolve("cmdline"), executable + "\0x\0");
    Files.deleteIfExists(folder.resolve("exe"));
    Files.createSymbolicLink(folder.resolve("exe"), Path.of(executable));
  }
}
