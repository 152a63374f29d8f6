package dev.trunkline.database;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * The data source for what must not wait behind everything else: a few connections of its own, made
 * by {@link ReservedConnections}. They take part in no transaction.
 */
@Qualifier
@Target({METHOD, PARAMETER})
@Retention(RUNTIME)
public @interface Reserved {}
