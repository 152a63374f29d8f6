/**
 * Who may do what: the roles that the resources name. Start at {@link
 * dev.trunkline.security.Roles}.
 */
@NullMarked
package dev.trunkline.security;

import org.jspecify.annotations.NullMarked;
