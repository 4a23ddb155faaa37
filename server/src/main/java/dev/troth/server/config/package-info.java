/** The configuration: one validated record, merged from flags, environment, file and defaults. */
@NullMarked
package dev.troth.server.config;

import org.jspecify.annotations.NullMarked;
