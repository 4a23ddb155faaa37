/** Builds the module, the native binaries and their image out of compiled classes. */
@NullMarked
package dev.troth.gate.build;

import org.jspecify.annotations.NullMarked;
