package dev.trunkline.handlers.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trunkline.callback.Secret;
import dev.trunkline.callback.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Python in {@code docs/callbacks.md} accepts what the service signs, and nothing else. */
@Timeout(60)
class CallbackDocTest {

  private static final Pattern PYTHON = Pattern.compile("(?ms)^```python\\n(.*?)^```$");
  private static final Secret SECRET = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final Secret OTHER = new Secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  private static final String BODY = "{\"text\":\"caf\u00e9\"}";

  @Test
  void the_receiver_of_the_page_accepts_what_is_signed() throws Exception {
    assertThat(accepts(List.of(SECRET), BODY, 0)).isTrue();
    assertThat(accepts(List.of(OTHER, SECRET), BODY, 0)).isTrue();
  }

  @Test
  void and_nothing_else() throws Exception {
    assertThat(accepts(List.of(OTHER), BODY, 0)).isFalse();
    assertThat(accepts(List.of(SECRET), BODY + " ", 0)).isFalse();
    assertThat(accepts(List.of(SECRET), BODY, -600)).isFalse();
  }

  private static boolean accepts(List<Secret> secrets, String received, int age)
      throws IOException, InterruptedException {
    long now = System.currentTimeMillis() / 1_000 + age;
    byte[] sent = BODY.getBytes(StandardCharsets.UTF_8);
    String signature = Signature.of(secrets, "msg_1", now, sent);
    String call =
        "print(is_from_trunkline('%s', {'webhook-id': 'msg_1', 'webhook-timestamp': '%d',"
                .formatted(SECRET.text(), now)
            + " 'webhook-signature': '%s'}, '''%s'''.encode()))".formatted(signature, received);
    return run(page() + "\n" + call).equals("True");
  }

  private static String page() throws IOException {
    Matcher block = PYTHON.matcher(Files.readString(Path.of("docs/callbacks.md")));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  private static String run(String program) throws IOException, InterruptedException {
    Process python;
    try {
      python = new ProcessBuilder("python3", "-").redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "python3 is missing: install it");
      throw e;
    }
    python.getOutputStream().write(program.getBytes(StandardCharsets.UTF_8));
    python.getOutputStream().close();
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).as(said).isZero();
    return said.strip();
  }
}
