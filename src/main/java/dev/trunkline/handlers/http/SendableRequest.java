package dev.trunkline.handlers.http;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The constraint that a request can be sent: its method, URL and headers are such, and what it
 * expects are statuses. There is a violation for each fault, at the place of the fault.
 */
@Documented
@Constraint(validatedBy = SendableRequestValidator.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface SendableRequest {

  String message() default "must be a request that can be sent";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};
}
