@NullMarked
package dev.troth.server.trace;

import org.jspecify.annotations.NullMarked;
