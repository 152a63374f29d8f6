package dev.trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.trunkline.config.TrunklineConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the Kubernetes manifests and the Dockerfiles repeat of the service, held to it. Each of
 * these would otherwise break without a word: the manifests apply, and the pods are killed too
 * early, never become ready, or read a setting that is not there.
 */
class DeploymentManifestsTest {

  private static final Path MANIFESTS = Path.of("deploy/kubernetes");
  private static final Pattern ENVIRONMENT_VARIABLE =
      Pattern.compile("\\b(?:QUARKUS|TRUNKLINE)_[A-Z_]+\\b");

  private final JsonNode deployment = manifest("deployment.yaml");
  private final JsonNode pod = deployment.at("/spec/template/spec");
  private final JsonNode container = pod.at("/containers/0");
  private final Properties settings = applicationProperties();

  @ParameterizedTest
  @CsvSource({"startupProbe, started", "livenessProbe, live", "readinessProbe, ready"})
  void probes_ask_the_health_paths_of_the_service(String probe, String check) {
    assertThat(settings)
        .doesNotContainKeys(
            "quarkus.http.root-path",
            "quarkus.http.non-application-root-path",
            "quarkus.smallrye-health.root-path",
            "quarkus.management.enabled");
    JsonNode request = container.at("/" + probe + "/httpGet");
    assertThat(request.path("path").asText()).isEqualTo("/q/health/" + check);
    assertThat(request.path("port")).isEqualTo(container.at("/ports/0/name"));
  }

  @Test
  void the_grace_period_covers_the_whole_goodbye() throws NoSuchMethodException {
    Duration grace = Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asLong());
    Duration preStop =
        Duration.ofSeconds(container.at("/lifecycle/preStop/sleep/seconds").asLong());
    Duration requests =
        DurationConverter.parseDuration(settings.getProperty("quarkus.shutdown.timeout"));
    assertThat(preStop).isPositive();
    assertThat(grace).isGreaterThan(preStop.plus(requests).plus(shutdownGrace()));
  }

  @Test
  void the_ports_are_the_one_the_service_listens_on() {
    int port = Integer.parseInt(settings.getProperty("quarkus.http.port", "8080"));
    assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(port);
    assertThat(manifest("service.yaml").at("/spec/ports/0/targetPort"))
        .isEqualTo(container.at("/ports/0/name"));
  }

  @Test
  void every_selector_finds_the_pods() {
    JsonNode labels = deployment.at("/spec/template/metadata/labels");
    assertThat(labels).isNotEmpty();
    assertThat(
            Stream.of(
                deployment.at("/spec/selector/matchLabels"),
                manifest("service.yaml").at("/spec/selector"),
                manifest("poddisruptionbudget.yaml").at("/spec/selector/matchLabels"),
                pod.at("/topologySpreadConstraints/0/labelSelector/matchLabels")))
        .allMatch(labels::equals);
  }

  @Test
  void an_update_or_a_drain_leaves_a_pod_running() {
    assertThat(deployment.at("/spec/replicas").asInt()).isGreaterThan(1);
    assertThat(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
    assertThat(manifest("poddisruptionbudget.yaml").at("/spec/maxUnavailable").asInt()).isOne();
  }

  @Test
  void the_environment_holds_settings_and_nothing_else() {
    assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
    assertThat(values(container.path("env"), "/name"))
        .contains("QUARKUS_DATASOURCE_JDBC_URL", "TRUNKLINE_AUTH_MODE")
        .allSatisfy(DeploymentManifestsTest::isDocumented);
  }

  @Test
  void the_secret_has_the_keys_that_the_pods_read() {
    JsonNode secret = manifest("secret.example.yaml");
    assertThat(values(container.path("env"), "/valueFrom/secretKeyRef/name"))
        .containsOnly(secret.at("/metadata/name").asText());
    assertThat(values(container.path("env"), "/valueFrom/secretKeyRef/key"))
        .hasSize(3)
        .allMatch(secret.path("stringData")::has);
  }

  @Test
  void a_read_only_root_still_has_a_place_for_temporary_files() {
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.at("/volumeMounts/0/mountPath").asText()).isEqualTo("/tmp");
    assertThat(container.at("/volumeMounts/0/name")).isEqualTo(pod.at("/volumes/0/name"));
  }

  @Test
  void the_kustomization_names_manifests_that_are_there_and_the_image_that_is_used() {
    JsonNode kustomization = manifest("kustomization.yaml");
    assertThat(values(kustomization.path("resources"), ""))
        .doesNotContain("secret.example.yaml")
        .allSatisfy(name -> assertThat(MANIFESTS.resolve(name)).exists());
    assertThat(kustomization.at("/images/0/name")).isEqualTo(container.path("image"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native", "Dockerfile.native-micro"})
  void the_images_listen_where_the_manifests_look_and_run_as_a_numbered_user(String name) {
    String dockerfile = read(Path.of("src/main/docker", name));
    assertThat(dockerfile)
        .contains("\nEXPOSE " + container.at("/ports/0/containerPort").asInt() + "\n")
        .containsPattern("\nUSER [1-9][0-9]*\n")
        .containsPattern("\nENTRYPOINT \\[\"");
    assertThat(ENVIRONMENT_VARIABLE.matcher(dockerfile).results().map(MatchResult::group))
        .isNotEmpty()
        .allSatisfy(DeploymentManifestsTest::isDocumented);
  }

  private static void isDocumented(String variable) {
    assertThat(read(Path.of("docs/configuration.md"))).contains("`" + variable + "`");
  }

  private static Duration shutdownGrace() throws NoSuchMethodException {
    WithDefault standard =
        TrunklineConfig.Worker.class.getMethod("shutdownGrace").getAnnotation(WithDefault.class);
    return DurationConverter.parseDuration(standard.value());
  }

  /** What stands at the pointer in each element that has something there. */
  private static List<String> values(JsonNode elements, String pointer) {
    return elements
        .valueStream()
        .map(element -> element.at(pointer))
        .filter(value -> !value.isMissingNode())
        .map(JsonNode::asText)
        .toList();
  }

  private static JsonNode manifest(String name) {
    try {
      return new YAMLMapper().readTree(read(MANIFESTS.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static Properties applicationProperties() {
    Properties properties = new Properties();
    try (Reader reader =
        Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
