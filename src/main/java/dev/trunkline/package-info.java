/** The way in: {@link dev.trunkline.Trunkline}. The rooms are the packages below. */
@NullMarked
package dev.trunkline;

import org.jspecify.annotations.NullMarked;
