package dev.trunkline.database;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.AgroalDataSourceConfiguration;
import io.agroal.api.configuration.supplier.AgroalConnectionFactoryConfigurationSupplier;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * A second, small pool beside the one that everything shares. A crowd of reads, or connections that
 * hang until their time limit, would else keep the heartbeats waiting until the worker is taken for
 * dead. It goes where the shared pool goes, with the same settings, but gives up sooner, and asks
 * each connection whether it is there, so that one that was cut costs no heartbeat.
 */
@Singleton
class ReservedConnections {

  /** One for the heartbeat, one for the question whether the database answers. */
  private static final int MOST = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final AgroalDataSource pool;

  ReservedConnections(AgroalDataSource shared, ConnectionSetup setup) {
    this.pool = new io.agroal.pool.DataSource(like(shared.getConfiguration()));
    // Quarkus gives it to its own pools only.
    this.pool.setPoolInterceptors(List.of(setup));
  }

  @Produces
  @Reserved
  DataSource dataSource() {
    return pool;
  }

  @PreDestroy
  void close() {
    pool.close();
  }

  private static AgroalDataSourceConfiguration like(AgroalDataSourceConfiguration shared) {
    return new AgroalDataSourceConfigurationSupplier()
        .connectionPoolConfiguration(
            pool ->
                pool.maxSize(MOST)
                    .acquisitionTimeout(PATIENCE)
                    .validateOnBorrow(true)
                    .connectionValidator(ConnectionValidator.defaultValidatorWithTimeout(1))
                    .exceptionSorter(shared.connectionPoolConfiguration().exceptionSorter())
                    .connectionFactoryConfiguration(
                        () ->
                            like(
                                shared
                                    .connectionPoolConfiguration()
                                    .connectionFactoryConfiguration())))
        .get();
  }

  private static AgroalConnectionFactoryConfiguration like(
      AgroalConnectionFactoryConfiguration shared) {
    AgroalConnectionFactoryConfigurationSupplier own =
        new AgroalConnectionFactoryConfigurationSupplier()
            .jdbcUrl(shared.jdbcUrl())
            .connectionProviderClass(shared.connectionProviderClass())
            .initialSql(shared.initialSql())
            .principal(shared.principal());
    shared.credentials().forEach(own::credential);
    shared
        .jdbcProperties()
        .forEach((name, value) -> own.jdbcProperty((String) name, (String) value));
    return own.jdbcProperty("socketTimeout", Long.toString(PATIENCE.toSeconds()))
        .jdbcProperty("ApplicationName", "trunkline heartbeat")
        .get();
  }
}
