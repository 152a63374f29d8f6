package dev.trunkline.callback;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/** The statements about the secrets that are kept in the database. */
final class SecretSql {

  static final String LIST =
      """
      select id, secret, created_at
      from trunkline.callback_secret
      order by created_at desc, id desc
      """;

  /** Where there is none: one of all processes that come at the same moment makes it. */
  static final String MAKE_FIRST =
      """
      insert into trunkline.callback_secret (id, secret, first, created_at)
      select trunkline.uuidv7(), ?, true, clock_timestamp()
      where not exists (select from trunkline.callback_secret)
      on conflict (first) where first do nothing
      returning id, secret, created_at
      """;

  static final String MAKE =
      """
      insert into trunkline.callback_secret (id, secret, first, created_at)
      values (trunkline.uuidv7(), ?, false, clock_timestamp())
      returning id, secret, created_at
      """;

  /** Has whoever else adds or deletes secrets wait, since both look at how many there are. */
  static final String LOCK =
      """
      select id from trunkline.callback_secret order by id for update
      """;

  static final String DELETE =
      """
      delete from trunkline.callback_secret where id = ?
      """;

  private SecretSql() {}

  static StoredSecret read(ResultSet row) throws SQLException {
    return new StoredSecret(
        row.getObject("id", UUID.class),
        new Secret(row.getString("secret")),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
