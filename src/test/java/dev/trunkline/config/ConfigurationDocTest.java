package dev.trunkline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} is what {@link TrunklineConfig} says. After a change there: {@code
 * ./mvnw test -Dtest=ConfigurationDocTest -Dtrunkline.docs.write=true}.
 */
class ConfigurationDocTest {

  private static final Path PAGE = Path.of("docs/configuration.md");
  private static final Path HEADER =
      Path.of("src/test/resources/dev/trunkline/config/configuration-header.md");
  private static final Path SOURCE = Path.of("src/main/java/dev/trunkline/config");
  private static final Path PROPERTIES = Path.of("src/main/resources/application.properties");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]+)}");

  @Test
  void the_page_is_what_the_source_says() throws IOException {
    String expected = header() + sections();
    if (Boolean.getBoolean("trunkline.docs.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(PAGE)
        .as("rewrite it: ./mvnw test -Dtest=ConfigurationDocTest -Dtrunkline.docs.write=true")
        .hasContent(expected);
  }

  private static String sections() throws IOException {
    return ConfigurationSource.parse(SOURCE).groups().stream()
        .map(SettingGroup::toSection)
        .collect(Collectors.joining());
  }

  /**
   * The written part, with the values that {@code application.properties} gives in their places.
   */
  private static String header() throws IOException {
    Properties given = new Properties();
    try (Reader reader = Files.newBufferedReader(PROPERTIES)) {
      given.load(reader);
    }
    return PLACEHOLDER
        .matcher(Files.readString(HEADER))
        .replaceAll(found -> Matcher.quoteReplacement(valueOf(found.group(1), given)));
  }

  private static String valueOf(String property, Properties given) {
    assertThat(given)
        .as("application.properties, which the page's header quotes")
        .containsKey(property);
    return given.getProperty(property);
  }
}
