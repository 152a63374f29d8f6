/**
 * Every option of the service in one place: {@link dev.trunkline.config.TrunklineConfig}. From it
 * {@code docs/configuration.md} is generated.
 */
@NullMarked
package dev.trunkline.config;

import org.jspecify.annotations.NullMarked;
