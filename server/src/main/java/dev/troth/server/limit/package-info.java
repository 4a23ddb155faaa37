/**
 * What strangers may take: bytes of bodies, requests, connections, each bounded over all of them.
 */
@NullMarked
package dev.troth.server.limit;

import org.jspecify.annotations.NullMarked;
