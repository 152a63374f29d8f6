package dev.trunkline.database;

import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.quarkus.agroal.runtime.JdbcDriver;
import io.quarkus.arc.Unremovable;
import io.quarkus.datasource.common.runtime.DatabaseKind;
import io.quarkus.jdbc.postgresql.runtime.PostgreSQLAgroalConnectionConfigurer;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

/**
 * Tells the connection pool which errors end a connection: then it leaves the pool as soon as it is
 * given back. The pool's own table knows class 08 alone. So it would keep connections to a server
 * that has said that it stops, and those to one that has become a standby, which answer and refuse
 * every write for ever.
 */
@Alternative
@Priority(1)
@Unremovable
@Singleton
@JdbcDriver(DatabaseKind.POSTGRESQL)
class LostConnections extends PostgreSQLAgroalConnectionConfigurer {

  @Override
  public void setExceptionSorter(String kind, AgroalDataSourceConfigurationSupplier configuration) {
    configuration.connectionPoolConfiguration().exceptionSorter(SqlFault::endsConnection);
  }
}
