@NullMarked
package dev.troth.server.gate;

import org.jspecify.annotations.NullMarked;
