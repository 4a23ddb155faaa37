/**
 * The console: built pages filled with what the caller may see, the forms on them, and their
 * assets. Values and markup meet only in {@link dev.troth.server.console.page}.
 */
@NullMarked
package dev.troth.server.console;

import org.jspecify.annotations.NullMarked;
