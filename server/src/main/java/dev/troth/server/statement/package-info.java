/** SQL on statements that connections keep prepared, for what runs with each change. */
@NullMarked
package dev.troth.server.statement;

import org.jspecify.annotations.NullMarked;
