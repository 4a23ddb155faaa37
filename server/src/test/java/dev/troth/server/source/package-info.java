@NullMarked
package dev.troth.server.source;

import org.jspecify.annotations.NullMarked;
