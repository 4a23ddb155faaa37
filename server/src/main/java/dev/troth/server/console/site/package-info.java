/** A built site on the class path: its pages as HTML, and its assets as browsers keep them. */
@NullMarked
package dev.troth.server.console.site;

import org.jspecify.annotations.NullMarked;
