/** Contracts from other forms and in other forms: ODCS, OpenAPI. */
@NullMarked
package dev.troth.contracts.exchange;

import org.jspecify.annotations.NullMarked;
