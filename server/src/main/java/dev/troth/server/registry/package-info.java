/**
 * The schema registry: versions of contracts by registry subject, as Confluent's clients ask for
 * them.
 */
@NullMarked
package dev.troth.server.registry;

import org.jspecify.annotations.NullMarked;
