/** What a team has decided about findings: how severe they are, and which are waived. */
@NullMarked
package dev.troth.contracts.policy;

import org.jspecify.annotations.NullMarked;
