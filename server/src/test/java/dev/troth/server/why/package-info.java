@NullMarked
package dev.troth.server.why;

import org.jspecify.annotations.NullMarked;
