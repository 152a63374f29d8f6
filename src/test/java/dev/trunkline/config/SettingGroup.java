package dev.trunkline.config;

import java.util.List;
import java.util.stream.Collectors;

/** The options below one name, {@code trunkline.worker}, and what they are about. */
record SettingGroup(String name, String description, List<Setting> settings) {

  private static final String TABLE_HEAD =
      """
      | Property and environment variable | Type | Default | Bounds | Description |
      |---|---|---|---|---|
      """;

  String toSection() {
    String rows = settings.stream().map(Setting::toRow).collect(Collectors.joining());
    return "\n## `%s`\n\n%s\n\n%s%s".formatted(name, description, TABLE_HEAD, rows);
  }
}
