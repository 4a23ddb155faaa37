/** From spans to verdicts: which spans are steps of a request, and whether the request was good. */
@NullMarked
package dev.troth.slo.chain;

import org.jspecify.annotations.NullMarked;
