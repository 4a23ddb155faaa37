/** Regular expressions of ECMA-262 as JSON Schema uses them, matched in bounded time. */
@NullMarked
package dev.troth.contracts.pattern;

import org.jspecify.annotations.NullMarked;
