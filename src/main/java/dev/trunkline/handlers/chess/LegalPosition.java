package dev.trunkline.handlers.chess;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The constraint that a string is the FEN of a legal position; {@code null} passes. The message of
 * a violation is the one reason why it is not.
 */
@Documented
@Constraint(validatedBy = LegalPositionValidator.class)
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface LegalPosition {

  String message() default "must be the FEN of a legal chess position";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};
}
