@NullMarked
package dev.troth.observe.sql;

import org.jspecify.annotations.NullMarked;
