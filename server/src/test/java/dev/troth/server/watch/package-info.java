@NullMarked
package dev.troth.server.watch;

import org.jspecify.annotations.NullMarked;
