package dev.trunkline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run's numbers depend on besides its arguments: the machine, and the revisions. */
final class Conditions {

  private Conditions() {}

  static Map<String, String> machine() {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("processor", field("/proc/cpuinfo", "model name"));
    machine.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    machine.put("memory", gibibytes(field("/proc/meminfo", "MemTotal")));
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("Java", System.getProperty("java.vendor.version", Runtime.version().toString()));
    return machine;
  }

  /** The last commit that changed the service, and whether there is more than that. */
  static String service() {
    return revision("src/main", "pom.xml");
  }

  static String harness() {
    return revision("bench/src", "bench/service", "bench/peers", "bench/pom.xml");
  }

  private static String revision(String... paths) {
    String commit = git(paths, "log", "-1", "--format=%h", "--");
    String changes = git(paths, "status", "--porcelain", "--");
    return commit.isEmpty() ? "unknown" : changes.isEmpty() ? commit : commit + "+changes";
  }

  private static String git(String[] paths, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    command.addAll(List.of(paths));
    try {
      Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? said.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Of Linux; elsewhere not known. */
  static String field(String file, String name) {
    try {
      Path path = Path.of(file);
      return !Files.exists(path)
          ? "unknown"
          : Files.readAllLines(path).stream()
              .filter(line -> line.startsWith(name))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String gibibytes(String kilobytes) {
    return kilobytes.endsWith(" kB")
        ? Math.round(Double.parseDouble(kilobytes.replace(" kB", "")) / (1 << 20)) + " GiB"
        : kilobytes;
  }
}
