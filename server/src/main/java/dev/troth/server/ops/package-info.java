/** What an operator needs: the data folder, health, parts that start and stop. */
@NullMarked
package dev.troth.server.ops;

import org.jspecify.annotations.NullMarked;
