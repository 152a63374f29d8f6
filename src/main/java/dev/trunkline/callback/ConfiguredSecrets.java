package dev.trunkline.callback;

import java.util.ArrayList;
import java.util.List;

/** The secrets of the setting, read at start. */
final class ConfiguredSecrets {

  private ConfiguredSecrets() {}

  /**
   * @throws IllegalArgumentException naming every one that is none by its place, and not itself
   */
  static List<Secret> read(List<String> texts) {
    List<Secret> secrets = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      try {
        secrets.add(new Secret(texts.get(i).strip()));
      } catch (IllegalArgumentException e) {
        faults.add("trunkline.callback.secrets[%d] %s".formatted(i, e.getMessage()));
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return List.copyOf(secrets);
  }
}
