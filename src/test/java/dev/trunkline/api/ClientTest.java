package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTest {

  @Test
  void addressesOfOneIpv6NetworkAreOneClient() {
    assertThat(Client.network("2001:db8:1:2::1"))
        .isEqualTo(Client.network("2001:db8:1:2:ffff:ffff:ffff:ffff"))
        .isNotEqualTo(Client.network("2001:db8:1:3::1"));
  }

  @Test
  void anIpv4AddressIsAClient() {
    assertThat(Client.network("192.0.2.1")).isNotEqualTo(Client.network("192.0.2.2"));
    assertThat(Client.network("::ffff:192.0.2.1")).isNotEqualTo(Client.network("::ffff:192.0.2.2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "unknown", "a:b", "::1%nowhere", "[::1]"})
  void whatAProxyMakesUpIsTakenAsItIs(String address) {
    assertThat(Client.network(address)).isNotNull();
  }
}
