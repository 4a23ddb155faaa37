/**
 * From exchanges to spans: who caused what, names of low cardinality, attributes by the
 * OpenTelemetry semantic conventions 1.45, sampling. Pure, apart from the randomness it is given.
 */
@NullMarked
package dev.troth.observe.span;

import org.jspecify.annotations.NullMarked;
