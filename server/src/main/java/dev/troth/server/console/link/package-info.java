/** What the links in messages lead to, for people who are not signed in. */
@NullMarked
package dev.troth.server.console.link;

import org.jspecify.annotations.NullMarked;
