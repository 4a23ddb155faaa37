/** Lines that targets write, with the request that the writing thread was handling. */
@NullMarked
package dev.troth.observe.log;

import org.jspecify.annotations.NullMarked;
