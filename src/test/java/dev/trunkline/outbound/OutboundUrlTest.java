package dev.trunkline.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundUrlTest {

  private static final Pattern AT_THE_DOOR = Pattern.compile(OutboundUrl.PATTERN);

  @ParameterizedTest
  @CsvSource({
    "http://Example.COM, http://example.com/",
    "HTTPS://example.com:443/a?b=c#d, https://example.com/a?b=c",
    "http://example.com.:8080/, http://example.com:8080/",
    "http://example.com:/x, http://example.com/x",
    "https://example.com:80/, https://example.com:80/",
    "http://bücher.example/ü, http://xn--bcher-kva.example/%C3%BC",
    "http://my_host/, http://my_host/",
    "http://[2606:4700::1111]:81/, http://[2606:4700:0:0:0:0:0:1111]:81/",
    "http://a/b|c?d={e}&f=100%, http://a/b%7Cc?d=%7Be%7D&f=100%25",
    "http://a?x=//b@c/, http://a/?x=//b@c/"
  })
  void a_url_is_brought_to_one_form(String text, String form) throws Exception {
    assertThat(OutboundUrl.parse(text)).hasToString(form);
    assertThat(AT_THE_DOOR.matcher(text).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.1/",
        "http://127.0.1/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.0.0.01/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://0x/",
        "http://a.0x7f/",
        "http://127.0.0.1../",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::1%25lo]/",
        "http://[fe80::1%25eth0]/",
        "http://[127.0.0.1]/",
        "http://[::1/",
        "http://[]/",
        "http://%31%32%37.0.0.1/",
        "http://local%68ost/",
        "http://a..b/",
        "http://./",
        "http:///x",
        "http://:80/",
        "http://a:0/",
        "http://a:65536/",
        "http://a:x/",
        "http:a/"
      })
  void a_host_in_disguise_is_refused(String text) {
    assertThatThrownBy(() -> OutboundUrl.parse(text)).isInstanceOf(OutboundException.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "example.com",
        "/path",
        "",
        "//example.com/",
        "http://user@example.com/",
        "http://user:secret@example.com/",
        "http://@example.com/",
        "http://good.example\\@evil.example/",
        "http:\\\\a/",
        "http://exa mple.com/",
        "http://a\r\nHost:b/"
      })
  void what_is_no_plain_http_url_is_refused_at_the_door_and_later(String text) {
    assertThatThrownBy(() -> OutboundUrl.parse(text))
        .isInstanceOf(OutboundException.Refused.class)
        .hasMessageNotContaining("secret");
    assertThat(AT_THE_DOOR.matcher(text).find()).isFalse();
  }

  @Test
  void full_width_digits_are_an_address() throws Exception {
    assertThat(OutboundUrl.parse("http://１２７。０.0.1/").host()).isEqualTo("127.0.0.1");
  }

  @Test
  void a_very_long_url_is_refused() {
    assertThatThrownBy(() -> OutboundUrl.parse("http://a/" + "x".repeat(9_000)))
        .isInstanceOf(OutboundException.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/other, http://a:81/other",
    "other?x=1, http://a:81/b/other?x=1",
    "?y=2, http://a:81/b/c?y=2",
    "//d/e, http://d/e",
    "https://d, https://d/",
    "a b, http://a:81/b/a%20b",
    "/\\evil.example, http://a:81/%5Cevil.example"
  })
  void a_location_is_relative_to_its_url(String location, String target) throws Exception {
    assertThat(OutboundUrl.parse("http://a:81/b/c?x=0").resolve(location)).hasToString(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gopher://a/", "http://u:p@a/", "http://0x7f000001/", "mailto:a@b"})
  void a_location_is_checked_like_any_url(String location) {
    assertThatThrownBy(() -> OutboundUrl.parse("http://a/").resolve(location))
        .isInstanceOf(OutboundException.Refused.class);
  }
}
