/** JSON values with exact numbers, and the strict reader and writer of them. */
@NullMarked
package dev.troth.json;

import org.jspecify.annotations.NullMarked;
