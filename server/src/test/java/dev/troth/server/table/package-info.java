@NullMarked
package dev.troth.server.table;

import org.jspecify.annotations.NullMarked;
