/**
 * Rows of other people's tables, as their databases tell of them: pure, the shell brings the bytes.
 */
@NullMarked
package dev.troth.watch.row;

import org.jspecify.annotations.NullMarked;
