/**
 * From paths to route names of low cardinality, and paths without what looks like a secret. Pure.
 */
@NullMarked
package dev.troth.observe.route;

import org.jspecify.annotations.NullMarked;
