/**
 * The page engine: built pages cut once into bytes, slots and loops, and filled per request. Pure:
 * no I/O, no HTTP.
 */
@NullMarked
package dev.troth.server.console.page;

import org.jspecify.annotations.NullMarked;
