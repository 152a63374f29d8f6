/**
 * Who may do what: {@link dev.trunkline.security.Authentication} finds out who sends a request,
 * {@link dev.trunkline.security.Doors} keeps out those who have no role, and what each of the
 * {@link dev.trunkline.security.Roles} may do stands on the resources, as {@code @RolesAllowed}.
 */
@NullMarked
package dev.trunkline.security;

import org.jspecify.annotations.NullMarked;
