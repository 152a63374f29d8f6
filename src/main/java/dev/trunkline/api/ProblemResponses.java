package dev.trunkline.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the problems of an operation for the OpenAPI document. Only those that do not follow from
 * what it takes: {@link DocumentedProblems} adds the others. The fuzz test finds what is missing.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface ProblemResponses {
  ProblemKind[] value() default {};
}
