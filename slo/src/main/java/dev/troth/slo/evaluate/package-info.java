/** What metric math comes to over a stretch of time, with data that may be missing. */
@NullMarked
package dev.troth.slo.evaluate;

import org.jspecify.annotations.NullMarked;
