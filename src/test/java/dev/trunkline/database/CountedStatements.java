package dev.trunkline.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** A database whose statements are counted on their way. */
public final class CountedStatements {

  private final AtomicLong count = new AtomicLong();
  private final DataSource behind;

  public CountedStatements(DataSource behind) {
    this.behind = behind;
  }

  /** How many were executed so far. */
  public long count() {
    return count.get();
  }

  public DataSource dataSource() {
    return wrap(DataSource.class, behind);
  }

  /** Everything that comes out of it is wrapped in turn. */
  private <T> T wrap(Class<T> type, Object wrapped) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (wrapped instanceof Statement && method.getName().startsWith("execute")) {
                count.incrementAndGet();
              }
              Object answer = call(wrapped, method, arguments);
              Class<?> answered = method.getReturnType();
              boolean leads =
                  answered == Connection.class || Statement.class.isAssignableFrom(answered);
              return leads && wrapped != answer && !(wrapped instanceof Statement)
                  ? wrap(answered, answer)
                  : answer;
            }));
  }

  private static Object call(Object wrapped, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(wrapped, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
