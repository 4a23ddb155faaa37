/** Contracts as files that a command line names. */
@NullMarked
package dev.troth.cli.contract.file;

import org.jspecify.annotations.NullMarked;
