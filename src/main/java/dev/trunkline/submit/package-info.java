/**
 * The one door for new tasks: {@link dev.trunkline.submit.TaskQueue}. It checks a submission, and
 * writes it together with what others submit at the same moment.
 */
@NullMarked
package dev.trunkline.submit;

import org.jspecify.annotations.NullMarked;
