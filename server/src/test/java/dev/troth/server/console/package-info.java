@NullMarked
package dev.troth.server.console;

import org.jspecify.annotations.NullMarked;
