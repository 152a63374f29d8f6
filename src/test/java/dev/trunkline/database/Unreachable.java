package dev.trunkline.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database that is away for the first connections that are asked for. */
public final class Unreachable {

  private Unreachable() {}

  public static DataSource times(int failures, DataSource behind) {
    AtomicInteger left = new AtomicInteger(failures);
    return asked(
        () -> {
          if (left.getAndDecrement() > 0) {
            throw new SQLException("the database is away", "08006");
          }
        },
        behind);
  }

  /** One that is there, but something happens whenever a connection is asked for. */
  public static DataSource after(Runnable something, DataSource behind) {
    return asked(something::run, behind);
  }

  private static DataSource asked(Before before, DataSource behind) {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              before.run();
              try {
                return method.invoke(behind, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** What comes before each connection. */
  @FunctionalInterface
  private interface Before {
    void run() throws SQLException;
  }
}
