package dev.troth.slo.cloudformation;

/**
 * What a rule looks at: one alarm, objective or chart.
 *
 * @param evidence what the files say elsewhere of the same chain
 */
record Subject(Watched watched, Formulas formulas, Evidence evidence) {}
