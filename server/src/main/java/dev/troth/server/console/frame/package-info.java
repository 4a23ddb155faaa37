/** What a page of the console is made of, and who asks for it. */
@NullMarked
package dev.troth.server.console.frame;

import org.jspecify.annotations.NullMarked;
