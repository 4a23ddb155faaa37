/** Reads a git repository through the git command: commits, trees, the index and history. */
@NullMarked
package dev.troth.cli.git;

import org.jspecify.annotations.NullMarked;
