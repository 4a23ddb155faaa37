@NullMarked
package dev.troth.server.rows;

import org.jspecify.annotations.NullMarked;
