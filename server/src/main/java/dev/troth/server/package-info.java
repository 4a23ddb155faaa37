/** The shell of the platform: it wires every room to its database, its listeners and its clock. */
@NullMarked
package dev.troth.server;

import org.jspecify.annotations.NullMarked;
