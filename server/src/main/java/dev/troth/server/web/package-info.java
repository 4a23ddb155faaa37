/** What a web page says, by the elements that somebody chose. */
@NullMarked
package dev.troth.server.web;

import org.jspecify.annotations.NullMarked;
