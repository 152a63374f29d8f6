package dev.trunkline.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlGuardTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "http://127.0.0.1/; may not reach",
        "http://169.254.169.254/latest; may not reach",
        "https://10.0.0.1:8443/; may not reach",
        "http://[::1]/; may not reach",
        "http://[fd00:ec2::254]/; may not reach",
        "http://localhost/; may not reach",
        "http://LOCALHOST.:80/; may not reach",
        "http://api.localhost/; may not reach",
        "http://2130706433/; usual form",
        "http://0177.0.0.1/; usual form",
        "http://[::ffff:10.0.0.1]/; usual form",
        "http://user@a.example/; without a user name",
        "ftp://a.example/; absolute http or https",
        "nonsense; absolute http or https",
      })
  void what_no_answer_of_dns_can_make_right_is_refused(String url, String reason) {
    assertThat(guard("").fault(url))
        .hasValueSatisfying(fault -> assertThat(fault).contains(reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://client.example/", "http://1.1.1.1/", "http://[2606:4700::1111]/hook?a=b"})
  void what_may_be_reached_passes(String url) {
    assertThat(guard("").fault(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, http://localhost/, true", "127.0.0.0/8, http://localhost/, true",
    "127.0.0.1, http://127.0.0.1:99/, true", "10.0.0.0/8, http://10.1.2.3/, true",
    "127.0.0.1, http://127.0.0.2/, false", "localhost, http://127.0.0.1/, false"
  })
  void what_is_allowed_passes(String allow, String url, boolean passes) {
    assertThat(guard(allow).fault(url).isEmpty()).isEqualTo(passes);
  }

  private static UrlGuard guard(String allow) {
    return new UrlGuard(TestConfig.with(Map.of("trunkline.outbound.allow", allow)));
  }
}
