/** Adapters of the channels on which a notification leaves the platform. */
@NullMarked
package dev.troth.server.channel;

import org.jspecify.annotations.NullMarked;
