package dev.trunkline.database;

import java.sql.SQLException;

/** An {@link SQLException} on its way through code that cannot declare it. */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreException(SQLException cause) {
    super(cause.getMessage(), cause);
  }
}
