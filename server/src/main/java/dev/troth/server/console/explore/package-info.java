/** Pages to look around: contracts, the gate, the map of services, the search. */
@NullMarked
package dev.troth.server.console.explore;

import org.jspecify.annotations.NullMarked;
