/** What every request passes before a route sees it: names, origins, callers and their shares. */
@NullMarked
package dev.troth.server.guard;

import org.jspecify.annotations.NullMarked;
