package dev.troth.watch.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRuleTest {
  private static final AddressRule RULE = new AddressRule(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::",
        "2001::1",
        "2001:db8::1",
        "100::1"
      })
  void whatIsNotPublicIsClosed(String address) throws UnknownHostException {
    assertThat(RULE.refusal(InetAddress.getByName(address))).as(address).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.1.1.1",
        "172.15.255.255",
        "172.32.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::808:808",
        "2002:808:808::1"
      })
  void whatIsPublicIsOpen(String address) throws UnknownHostException {
    assertThat(RULE.refusal(InetAddress.getByName(address))).as(address).isEmpty();
  }

  @Test
  void allowedBlocksAreOpenAndNothingBeside() throws UnknownHostException {
    AddressRule rule = new AddressRule(List.of(AddressBlock.parse("10.1.0.0/16")));
    assertThat(rule.refusal(InetAddress.getByName("10.1.255.1"))).isEmpty();
    assertThat(rule.refusal(InetAddress.getByName("10.2.0.1")))
        .hasValueSatisfying(why -> assertThat(why).startsWith("address is 10.2.0.1, expected"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "", "example.org/8", "::/129"})
  void aTextThatIsNoBlockIsRefused(String text) {
    assertThatThrownBy(() -> AddressBlock.parse(text))
        .hasMessageContaining("address block is '" + text + "', expected");
  }
}
