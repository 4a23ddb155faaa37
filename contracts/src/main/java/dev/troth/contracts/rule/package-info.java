/** What quality rules mean, so that two of them can be compared. */
@NullMarked
package dev.troth.contracts.rule;

import org.jspecify.annotations.NullMarked;
