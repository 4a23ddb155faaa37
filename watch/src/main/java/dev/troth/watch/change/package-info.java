/** What can be watched and what happened to it: subjects, changes and the log as a port. */
@NullMarked
package dev.troth.watch.change;

import org.jspecify.annotations.NullMarked;
