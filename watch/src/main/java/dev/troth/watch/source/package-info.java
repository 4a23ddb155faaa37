/**
 * What is read from things that tell of no changes themselves: pure, the shell brings the bytes.
 */
@NullMarked
package dev.troth.watch.source;

import org.jspecify.annotations.NullMarked;
