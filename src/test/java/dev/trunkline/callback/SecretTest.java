package dev.trunkline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {

  /** The example of the reference libraries of Standard Webhooks. */
  @Test
  void a_signature_is_the_one_that_the_reference_libraries_make() {
    Secret secret = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    assertThat(Signature.of(List.of(secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, body))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void every_secret_signs_in_their_order() {
    Secret one = Secret.random();
    Secret other = Secret.random();
    byte[] body = {1, 2, 3};

    assertThat(Signature.of(List.of(one, other), "msg_1", 7, body))
        .isEqualTo(
            Signature.of(List.of(one), "msg_1", 7, body)
                + " "
                + Signature.of(List.of(other), "msg_1", 7, body));
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 32, 64})
  void a_secret_has_24_to_64_bytes(int bytes) {
    assertThat(new Secret(text(bytes)).bytes()).hasSize(bytes);
  }

  @ParameterizedTest
  @CsvSource({"23, has 23 bytes", "65, has 65 bytes", "0, has 0 bytes"})
  void a_secret_of_another_length_is_none(int bytes, String reason) {
    assertThatThrownBy(() -> new Secret(text(bytes))).hasMessageContaining(reason);
  }

  @Test
  void what_is_none_is_named_by_its_place_and_never_itself() {
    List<String> texts =
        List.of(text(32), "hunter2-hunter2-hunter2", "whsec_hunter2!", " " + text(24) + " ");

    assertThatThrownBy(() -> ConfiguredSecrets.read(texts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trunkline.callback.secrets[1] does not begin with whsec_")
        .hasMessageContaining("trunkline.callback.secrets[2] is not Base64")
        .hasMessageNotContaining("hunter2")
        .hasMessageNotContaining("[0]")
        .hasMessageNotContaining("[3]")
        .hasNoCause();
  }

  @Test
  void a_secret_says_nothing_where_it_is_logged() {
    Secret secret = Secret.random();

    assertThat(secret.toString() + List.of(secret)).doesNotContain(secret.text().substring(6));
  }

  @Test
  void no_two_are_the_same() {
    assertThat(Secret.random()).isNotEqualTo(Secret.random());
    assertThat(Secret.random().bytes()).hasSize(32);
  }

  private static String text(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
