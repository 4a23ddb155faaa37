/** Tests of figures and the layout of graphs. */
@NullMarked
package dev.troth.server.console.figure;

import org.jspecify.annotations.NullMarked;
