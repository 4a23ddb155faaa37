package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Formulas;
import dev.troth.slo.cloudformation.Watched;

/**
 * What a rule looks at: one alarm, objective or chart.
 *
 * @param evidence what the files say elsewhere of the same chain
 */
record Subject(Watched watched, Formulas formulas, Evidence evidence) {}
