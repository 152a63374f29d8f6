package dev.trunkline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretsSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String CONFIGURED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final Secrets secrets = secrets(Map.of());

  @BeforeEach
  void empty() {
    DATABASE.update("delete from trunkline.callback_secret");
  }

  @Test
  void the_first_one_is_made_when_it_is_first_asked_for_and_stays() {
    List<Secret> first = secrets.active();

    assertThat(first).hasSize(1);
    assertThat(secrets.active()).isEqualTo(first);
    assertThat(secrets(Map.of()).active()).isEqualTo(first);
  }

  @Test
  void processes_that_ask_at_the_same_moment_get_the_same_one() throws Exception {
    Callable<List<Secret>> ask = () -> secrets(Map.of()).active();

    assertThat(new HashSet<>(Crowd.run(Collections.nCopies(8, ask)))).hasSize(1);
    assertThat(secrets.active()).hasSize(1);
  }

  @Test
  void a_new_one_comes_first_and_the_old_ones_sign_on() {
    Secret old = secrets.active().getFirst();

    Secret fresh = rotate().secret();

    assertThat(secrets.active()).containsExactly(fresh, old);
  }

  @Test
  void what_is_answered_is_the_new_one_whatever_the_clock_says() {
    Secret old = secrets.active().getFirst();
    DATABASE.update("update trunkline.callback_secret set created_at = now() + interval '1 day'");

    assertThat(rotate().secret()).isNotEqualTo(old);
  }

  @Test
  void a_deleted_one_signs_no_more() {
    UUID old = first();
    Secret fresh = rotate().secret();

    delete(old);

    assertThat(secrets.active()).containsExactly(fresh);
  }

  @Test
  void the_only_one_stays() {
    UUID only = first();

    refused(() -> delete(only), Refusal.SecretsStay.class);
    assertThat(secrets.stored()).hasSize(1);
  }

  @Test
  void of_two_who_delete_the_last_two_one_is_refused() throws Exception {
    UUID one = first();
    UUID other = rotate().id();
    Callable<Boolean> deleteOne = () -> deletes(one);
    Callable<Boolean> deleteOther = () -> deletes(other);

    assertThat(Crowd.run(List.of(deleteOne, deleteOther))).containsExactlyInAnyOrder(true, false);
    assertThat(secrets.stored()).hasSize(1);
  }

  @Test
  void there_are_at_most_five() throws Exception {
    first();
    Callable<Boolean> rotates =
        () -> {
          try {
            rotate();
            return true;
          } catch (RefusedException e) {
            return false;
          }
        };

    assertThat(Crowd.run(Collections.nCopies(8, rotates))).filteredOn(made -> made).hasSize(4);
    assertThat(secrets.stored()).hasSize(5);
  }

  @Test
  void one_that_is_unknown_cannot_be_deleted() {
    first();

    refused(() -> delete(UUID.randomUUID()), Refusal.NoSuchSecret.class);
  }

  @Test
  void those_of_the_setting_sign_alone_and_are_changed_there() {
    Secrets configured = secrets(Map.of("trunkline.callback.secrets", CONFIGURED));

    assertThat(configured.active()).containsExactly(new Secret(CONFIGURED));
    refused(configured::rotate, Refusal.SecretsStay.class);
    refused(() -> configured.delete(UUID.randomUUID()), Refusal.SecretsStay.class);
    assertThat(DATABASE.count("select count(*) from trunkline.callback_secret")).isZero();
  }

  @Test
  void to_look_at_them_makes_none() {
    assertThat(secrets.stored()).isEmpty();
    assertThat(DATABASE.count("select count(*) from trunkline.callback_secret")).isZero();
  }

  @Test
  void where_there_is_none_a_new_one_is_the_only_one() {
    Secret made = rotate().secret();

    assertThat(secrets.active()).containsExactly(made);
  }

  @Test
  void two_who_make_the_first_one_at_once_are_shown_one_each() throws Exception {
    Callable<Secret> make = () -> rotate().secret();

    List<Secret> made = Crowd.run(List.of(make, make));

    assertThat(made).doesNotHaveDuplicates();
    assertThat(secrets.active()).containsExactlyInAnyOrderElementsOf(made);
  }

  private UUID first() {
    secrets.active();
    return secrets.stored().getFirst().id();
  }

  private static Secrets secrets(Map<String, String> settings) {
    return new Secrets(DATABASE.dataSource(), TestConfig.with(settings));
  }

  private static StoredSecret rotate() {
    return DATABASE.inTransaction(
        source -> new Secrets(source, TestConfig.with(Map.of())).rotate());
  }

  private static void delete(UUID id) {
    DATABASE.inTransaction(
        source -> {
          new Secrets(source, TestConfig.with(Map.of())).delete(id);
          return id;
        });
  }

  private static boolean deletes(UUID id) {
    try {
      delete(id);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private static void refused(Runnable call, Class<? extends Refusal> reason) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isInstanceOf(reason));
  }
}
