package dev.trunkline.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

  private static final AddressGuard NOTHING_ALLOWED = AddressGuard.allowing(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3", // this network
        "10.0.0.0",
        "10.255.255.255", // private
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255", // carrier-grade NAT, metadata
        "127.0.0.1",
        "127.255.255.254", // loopback
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254", // metadata, link-local
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.255.255", // private
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.51.100.1",
        "203.0.113.1",
        "198.18.0.1",
        "198.19.255.255", // benchmarks
        "224.0.0.1",
        "239.255.255.255", // multicast
        "240.0.0.1",
        "255.255.255.255", // reserved, broadcast
        "::",
        "::1",
        "::7f00:1",
        "::808:808", // unspecified, loopback, compatible
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", // mapped
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::a00:1", // NAT64
        "2002:7f00:1::",
        "2002:808:808::1", // 6to4
        "2001::1",
        "2001:0:5ef5:79fb::1",
        "2001:2::1",
        "2001:10::1",
        "2001:db8::1",
        "3ffe::1",
        "3fff::1",
        "5f00::1",
        "100::1",
        "4000::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff::1", // unique local, metadata
        "fe80::1",
        "febf::1",
        "fec0::1", // link-local, site-local
        "ff02::1",
        "ff0e::1" // multicast
      })
  void an_address_that_is_not_public_is_refused(String literal) {
    assertThatThrownBy(() -> check(NOTHING_ALLOWED, "host.example", literal))
        .isInstanceOf(OutboundException.Refused.class)
        .hasMessageContaining("host.example")
        .hasMessageContaining("trunkline.outbound.allow")
        .hasMessageNotContaining(InetAddress.ofLiteral(literal).getHostAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00::1",
        "2003::1",
        "3ffd::1"
      })
  void a_public_address_next_to_the_others_is_reached(String literal) throws Exception {
    assertThat(check(NOTHING_ALLOWED, "host.example", literal)).hasSize(1);
  }

  @Test
  void one_private_address_among_public_ones_condemns_the_name() {
    assertThatThrownBy(() -> check(NOTHING_ALLOWED, "host.example", "1.1.1.1", "10.0.0.1"))
        .isInstanceOf(OutboundException.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "internal.example, internal.example, 10.1.2.3",
    "Internal.Example., internal.example, 10.1.2.3",
    "bücher.example, xn--bcher-kva.example, 10.1.2.3",
    "10.1.2.3, any.example, 10.1.2.3",
    "10.1.0.0/16, any.example, 10.1.255.255",
    "10.1.2.2/31, any.example, 10.1.2.3",
    "::1, any.example, ::1",
    "fd00::/8, any.example, fd12::1",
    "0.0.0.0/0, any.example, 127.0.0.1"
  })
  void what_is_allowed_is_reached(String entry, String host, String address) throws Exception {
    assertThat(check(AddressGuard.allowing(List.of(" " + entry + " ")), host, address)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "internal.example, sub.internal.example, 10.1.2.3",
    "internal.example, xinternal.example, 10.1.2.3",
    "10.1.2.3, any.example, 10.1.2.4",
    "10.1.0.0/16, any.example, 10.2.0.0",
    "10.1.2.2/31, any.example, 10.1.2.4",
    "::/0, any.example, 127.0.0.1",
    "127.0.0.1, any.example, ::1"
  })
  void what_is_next_to_the_allowed_is_refused(String entry, String host, String address) {
    assertThatThrownBy(() -> check(AddressGuard.allowing(List.of(entry)), host, address))
        .isInstanceOf(OutboundException.Refused.class);
  }

  @Test
  void faulty_entries_are_all_named_with_their_key() {
    List<String> entries =
        List.of("10.0.0.5/8", "ok.example", "10.0.0.0/33", "a b", "127.1", "1.2.3.4/x", "");

    assertThatThrownBy(() -> AddressGuard.allowing(entries))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("trunkline.outbound.allow", "10.0.0.5/8", "/33", "a b", "127.1")
        .hasMessageContaining("1.2.3.4/x")
        .hasMessageNotContaining("ok.example");
  }

  private static List<InetAddress> check(AddressGuard guard, String host, String... addresses)
      throws OutboundException {
    return guard.checked(host, Stream.of(addresses).map(InetAddress::ofLiteral).toList());
  }
}
