/** What is promised: objectives, their windows, and what may be left out of the count. */
@NullMarked
package dev.troth.slo.objective;

import org.jspecify.annotations.NullMarked;
