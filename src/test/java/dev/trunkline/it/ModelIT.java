package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The model of the lease protocol ({@code docs/model}), all of whose states Spin looks at; and the
 * same model with one guard broken at a time, in which it has to find a fault.
 */
class ModelIT {

  private static final Path MODEL = Path.of("docs/model/lease.pml").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Pattern RESULT = Pattern.compile("depth reached \\d+, errors: (\\d+)");
  private static final Pattern STATES = Pattern.compile("(\\d+) states, stored");
  private static final Pattern SWITCH =
      Pattern.compile("(?m)^#(?:ifdef |(?:el)?if defined\\()(\\w+)");

  @TempDir Path directory;

  @BeforeAll
  static void spinIsThere() {
    assumeTrue(isOnThePath("spin") && isOnThePath("gcc"), "needs Spin: apt-get install spin gcc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-DMISHAPS=0", "-DSPARES=0", "-DNO_CANCEL -DMAX_ATTEMPTS=1"})
  void no_interleaving_breaks_a_rule(String bounds) throws Exception {
    String said = check(bounds, "-O2 -DSAFETY", "");

    assertThat(errors(said)).as(said).isZero();
    assertThat(said).doesNotContain("max search depth too small", "Search not completed");
    assertThat(states(said)).isGreaterThan(50_000);
  }

  /** So that each run ends, and the rule of the end speaks of every one. */
  @ParameterizedTest
  @ValueSource(strings = {"-DSPARES=0", "-DMISHAPS=0 -DNO_CANCEL -DMAX_ATTEMPTS=1"})
  void nothing_goes_round_in_circles(String bounds) throws Exception {
    String said = check(bounds, "-O2 -DNP -DNOREDUCE", "-l");

    assertThat(errors(said)).as(said).isZero();
    assertThat(said)
        .contains("non-progress cycles \t+")
        .doesNotContain("max search depth too small", "Search not completed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FINISH_WITHOUT_ATTEMPT",
        "FINISH_WITHOUT_OPEN",
        "RESCUE_BY_ID",
        "RETRY_KEEPS_ATTEMPT",
        "CLAIM_BY_DEAD",
        "HEARTBEAT_REVIVES",
        "LEASE_DISCARDED_EARLY",
        "STRAYS_TOO_SOON",
        "LEASE_FORGOTTEN",
        "RESCUE_ONLY_AT_DEATH",
        "LEASE_TAKEN_FIRST",
        "CANCEL_IN_TWO_STEPS -DSPARES=0"
      })
  void a_broken_guard_is_found(String guard) throws Exception {
    String said = check("-D" + guard, "-O1 -DSAFETY", "");

    assertThat(errors(said)).as(said).isEqualTo(1);
    assertThat(said).contains("assertion violated");
  }

  @Test
  void every_guard_of_the_model_is_broken_here() throws Exception {
    List<String> known =
        List.of(
            ModelIT.class
                .getDeclaredMethod("a_broken_guard_is_found", String.class)
                .getAnnotation(ValueSource.class)
                .strings());
    Matcher found = SWITCH.matcher(Files.readString(MODEL));
    while (found.find()) {
      String guard = found.group(1);
      assertThat(known).anySatisfy(name -> assertThat(name.split(" ", 2)[0]).isEqualTo(guard));
    }
  }

  /**
   * What the checker of the model says, made with these definitions and called with that option.
   */
  private String check(String definitions, String compiler, String option) throws Exception {
    run("spin " + definitions + " -a " + MODEL);
    run("gcc -w " + compiler + " -o pan pan.c");
    return run("./pan -m100000 " + option);
  }

  private String run(String command) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    List<String> words = new ArrayList<>(List.of(command.strip().split(" +")));
    Process process =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private static int errors(String said) {
    Matcher result = RESULT.matcher(said);
    assertThat(result.find()).as(said).isTrue();
    return Integer.parseInt(result.group(1));
  }

  private static long states(String said) {
    Matcher states = STATES.matcher(said);
    assertThat(states.find()).as(said).isTrue();
    return Long.parseLong(states.group(1));
  }

  private static boolean isOnThePath(String program) {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(System.getenv("PATH"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
