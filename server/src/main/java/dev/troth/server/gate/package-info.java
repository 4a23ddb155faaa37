/** Gate on the platform: verdicts on its own tokens, for services and proxies beside it. */
@NullMarked
package dev.troth.server.gate;

import org.jspecify.annotations.NullMarked;
