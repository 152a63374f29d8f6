package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.security.Issuer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderAwayIT {

  private static final String TYPES = "/api/v1/task-types";

  @Test
  void whileTheProviderIsAwayATokenIsA503AndItsKeysOutliveIt(@TempDir Path directory)
      throws IOException {
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    String token = Issuer.tokenOf(url, "alice", "submitter");
    Issuer provider = new Issuer(port);
    try (Service service = Service.launch(settings(url, directory))) {
      service.awaitReady();
      HttpResponse<String> away = service.getWithToken(TYPES, token);
      assertThat(away.statusCode()).isEqualTo(503);
      assertThat(away.headers().firstValue("Retry-After")).contains("2");
      assertThat(away.body()).contains("/problems/provider-unavailable");
      assertThat(service.status(TYPES)).isEqualTo(401);

      provider.start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.getWithToken(TYPES, token).statusCode() == 200);

      provider.stop();
      assertThat(service.getWithToken(TYPES, token).statusCode()).isEqualTo(200);
    }
  }

  private static Map<String, String> settings(String provider, Path directory) {
    return Map.of(
        "trunkline.database.embedded", "true",
        "trunkline.database.embedded-directory", directory.toString(),
        "trunkline.auth.mode", "oidc",
        "quarkus.oidc.auth-server-url", provider,
        "quarkus.oidc.token.audience", "trunkline");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
