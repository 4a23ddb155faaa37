/** Who would be refused by tomorrow's keys and rules: recorded verdicts, judged once more. */
@NullMarked
package dev.troth.cli.gate.rehearse;

import org.jspecify.annotations.NullMarked;
