package dev.trunkline.api;

import dev.trunkline.callback.StoredSecret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A secret that callbacks are signed with, without the secret itself. */
@RegisterForReflection
@Schema(name = "CallbackSecret")
record SecretView(UUID id, Instant createdAt) {

  static SecretView of(StoredSecret stored) {
    return new SecretView(stored.id(), stored.createdAt());
  }

  /** One that was just made: the only time that it is shown. */
  @RegisterForReflection
  @Schema(name = "NewCallbackSecret")
  record Made(
      UUID id,
      @Schema(
              description = "For the receivers: whsec_ and the key in Base64. Never shown again",
              examples = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
          String secret,
      Instant createdAt) {

    static Made of(StoredSecret stored) {
      return new Made(stored.id(), stored.secret().text(), stored.createdAt());
    }
  }

  /** All that sign, the newest first. */
  @RegisterForReflection
  @Schema(name = "CallbackSecrets")
  record ListView(
      List<SecretView> items,
      @Schema(
              description =
                  "How many trunkline.callback.secrets has. Where it has any, these sign, and items"
                      + " is empty: they are changed where they are set")
          int configured) {}
}
