package dev.trunkline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 10 of the contract: names that stay as they are, with their defaults. */
class FixedNamesTest {

  private static final Path PAGE = Path.of("docs/configuration.md");

  @ParameterizedTest
  @CsvSource({
    "trunkline.worker.concurrency, 100",
    "trunkline.lease.duration, 30s",
    "trunkline.worker.shutdown-grace, 25s",
    "trunkline.worker.enabled, true",
    "trunkline.examples.enabled, false",
    "trunkline.database.embedded, false",
  })
  void aSettingHasItsNameAndItsDefault(String name, String value) throws IOException {
    assertThat(row(name)).contains("`" + value + "`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trunkline.worker.queues",
        "trunkline.auth.mode",
        "trunkline.outbound.allow",
        "trunkline.queues.\"<name>\".concurrency",
        "quarkus.datasource.jdbc.url",
        "quarkus.http.port"
      })
  void aSettingWithoutADefaultHasItsName(String name) throws IOException {
    assertThat(Files.readString(PAGE)).contains(name);
  }

  @Test
  void theModesOfAuthenticationAreThree() throws IOException {
    assertThat(row("trunkline.auth.mode")).contains("none").contains("token").contains("oidc");
  }

  private static String row(String name) throws IOException {
    return Files.readString(PAGE)
        .lines()
        .filter(line -> line.startsWith("| `" + name + "`<br>"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name));
  }
}
