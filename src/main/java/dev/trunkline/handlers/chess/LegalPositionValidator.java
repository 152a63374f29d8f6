package dev.trunkline.handlers.chess;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import org.jspecify.annotations.Nullable;

/** What {@link LegalPosition} asks. Stateless, so thread-safe. */
public final class LegalPositionValidator implements ConstraintValidator<LegalPosition, String> {

  @Override
  public boolean isValid(@Nullable String fen, ConstraintValidatorContext context) {
    if (fen == null) {
      return true;
    }
    try {
      PositionRules.legal(fen);
      return true;
    } catch (IllegalPositionException refusal) {
      context.disableDefaultConstraintViolation();
      // The reasons hold no client's text, so nothing in them is taken for an expression.
      context.buildConstraintViolationWithTemplate(refusal.reason()).addConstraintViolation();
      return false;
    }
  }
}
