@NullMarked
package dev.troth.contracts;

import org.jspecify.annotations.NullMarked;
