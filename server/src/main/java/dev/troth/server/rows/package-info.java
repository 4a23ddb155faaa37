/** Other people's databases whose rows are watched: what is made there, and what they send. */
@NullMarked
package dev.troth.server.rows;

import org.jspecify.annotations.NullMarked;
