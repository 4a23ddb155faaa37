/**
 * What the side-by-side runs measured, held against the bars, and the page and quotes made of it.
 */
@NullMarked
package dev.troth.bench.results;

import org.jspecify.annotations.NullMarked;
