/** Pages that are sent again as they were filled, while nothing that they show has moved. */
@NullMarked
package dev.troth.server.console.kept;

import org.jspecify.annotations.NullMarked;
