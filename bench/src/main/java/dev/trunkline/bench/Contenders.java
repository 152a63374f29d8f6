package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Who takes part: each peer at its default and at the fastest setting its documentation names.
 *
 * @param most tasks that it is given at once; one that runs a task every two seconds has few
 */
record Contenders(String name, boolean isOurs, int most, Function<Database, Contender> start) {

  private static final int ANY = Integer.MAX_VALUE;
  private static final Path PEERS = Path.of("bench", "peers");

  static List<Contenders> all() {
    return List.of(
        plain(1),
        plain(100),
        plain(500),
        trunkline("trunkline", Map.of()),
        trunkline("trunkline-tuned", Map.of("trunkline.worker.concurrency", "1000")),
        node("graphile-worker", "default", 20_000),
        node("graphile-worker", "tuned", ANY),
        node("pg-boss", "default", 10),
        node("pg-boss", "tuned", ANY),
        java("db-scheduler", "DbScheduler", "default", 20_000),
        java("db-scheduler", "DbScheduler", "tuned", ANY),
        java("jobrunr", "JobRunr", "default", 20_000),
        java("jobrunr", "JobRunr", "tuned", 50_000));
  }

  Contender on(Database database) {
    return start.apply(database);
  }

  /** At its fastest; for what takes long. */
  boolean isFast() {
    return isOurs || name.equals("plain-500") || name.endsWith("-tuned");
  }

  boolean isPlain() {
    return name.startsWith("plain");
  }

  private static Contenders plain(int batch) {
    return new Contenders("plain-" + batch, false, ANY, database -> new PlainSql(batch, database));
  }

  private static Contenders trunkline(String name, Map<String, String> settings) {
    return new Contenders(name, true, ANY, database -> new Trunkline(name, settings, database));
  }

  private static Contenders node(String name, String setting, int most) {
    List<String> command =
        List.of(
            PEERS.resolve("node_modules/node-linux-" + architecture() + "/bin/node").toString(),
            PEERS.resolve(name + ".js").toString(),
            setting);
    return peer(name + "-" + setting, most, command);
  }

  /** As Node's packages name it. */
  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
  }

  private static Contenders java(String name, String type, String setting, int most) {
    List<String> command =
        List.of(
            Processes.JAVA,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.trunkline.bench.peers." + type,
            setting);
    return peer(name + "-" + setting, most, command);
  }

  private static Contenders peer(String name, int most, List<String> command) {
    return new Contenders(name, false, most, database -> new PeerProcess(name, command, database));
  }
}
