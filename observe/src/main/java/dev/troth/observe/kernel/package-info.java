/**
 * The kernel, reached by the Foreign Function and Memory API alone: system calls, maps, programs,
 * the ring buffer, and what this kernel offers.
 */
@NullMarked
package dev.troth.observe.kernel;

import org.jspecify.annotations.NullMarked;
