/** Tests of web pages. */
@NullMarked
package dev.troth.server.web;

import org.jspecify.annotations.NullMarked;
