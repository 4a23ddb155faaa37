/** What every sub-command shares: the way to a platform, exit codes, errors. */
@NullMarked
package dev.troth.cli.command;

import org.jspecify.annotations.NullMarked;
