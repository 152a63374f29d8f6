package dev.trunkline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trunkline.worker.concurrency | 0 | must be at least 1",
        "trunkline.worker.concurrency | 10001 | must be at most 10000",
        "trunkline.worker.poll-interval | 999ms | must be at least 1s",
        "trunkline.worker.poll-interval | 301s | must be at most 5m",
        "trunkline.worker.name | two words | must match [\\x21-\\x7e]{1,100}",
        "trunkline.queues.mail.concurrency | 0 | must be at least 1",
        "trunkline.queues.\"mail.out\".concurrency | 10001 | must be at most 10000",
        "trunkline.batch.max-unread-bytes | -1 | must be at least 0",
        "trunkline.limits.requests-per-second | 0 | must be at least 1",
        "trunkline.auth.mode | everybody | must match none|token|oidc",
      })
  void a_setting_out_of_bounds_is_named_with_its_bound(String name, String value, String fault) {
    assertThatThrownBy(() -> TestConfig.with(Map.of(name, value)))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining(name + " " + fault);
  }

  @ParameterizedTest
  @CsvSource({
    "trunkline.worker.concurrency, 1",
    "trunkline.worker.concurrency, 10000",
    "trunkline.worker.poll-interval, 1s",
    "trunkline.worker.poll-interval, PT5M",
    "trunkline.worker.name, host-17",
    "trunkline.batch.max-unread-bytes, 9223372036854775807",
    "trunkline.auth.mode, oidc",
  })
  void a_bound_itself_is_allowed(String name, String value) {
    assertThat(TestConfig.with(Map.of(name, value))).isNotNull();
  }

  @Test
  void each_of_a_list_is_looked_at_and_every_fault_is_told() {
    Map<String, String> settings =
        Map.of(
            "trunkline.auth.tokens.ci.sha256", "abc",
            "trunkline.auth.tokens.ci.roles", "submitter,king",
            "trunkline.lease.duration", "1s");

    assertThatThrownBy(() -> TestConfig.with(settings))
        .hasMessageContainingAll(
            "trunkline.auth.tokens.ci.roles must match submitter|worker|operator",
            "trunkline.auth.tokens.ci.sha256 must be 64 hexadecimal digits",
            "trunkline.lease.duration must be at least 5s");
  }

  @Test
  void what_was_given_is_not_told_because_it_may_be_a_secret() {
    assertThatThrownBy(() -> TestConfig.with(Map.of("trunkline.callback.secrets", "whsec_mine")))
        .hasMessageContaining("trunkline.callback.secrets must match")
        .hasMessageNotContaining("mine");
  }

  @Test
  void the_settings_of_others_are_not_its_business() {
    new SettingsCheck().validateMapping(Duration.class, "trunkline", Duration.ZERO);
  }

  @Test
  void a_start_finds_it() {
    assertThat(ServiceLoader.load(SmallRyeConfigBuilderCustomizer.class))
        .hasAtLeastOneElementOfType(SettingsCheck.class);
  }

  /** They are read by reflection, which a native image has to be told. */
  @ParameterizedTest
  @MethodSource("groups")
  void every_group_of_settings_can_be_read_in_a_native_image(Class<?> group) {
    assertThat(group.getNestHost()).hasAnnotation(RegisterForReflection.class);
  }

  static Stream<Class<?>> groups() {
    return groups(TrunklineConfig.class);
  }

  private static Stream<Class<?>> groups(Class<?> group) {
    Stream<Class<?>> inner =
        Arrays.stream(group.getMethods())
            .<Class<?>>map(method -> SettingsCheck.element(method.getGenericReturnType()))
            .filter(SettingsCheck::isGroup)
            .flatMap(SettingsCheckTest::groups);
    return Stream.concat(Stream.of(group), inner);
  }
}
