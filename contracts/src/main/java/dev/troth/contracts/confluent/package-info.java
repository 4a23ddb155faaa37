/**
 * The rulings of Confluent Schema Registry's comparison of JSON schemas: rules over how schemas are
 * written, not over the documents that they allow.
 */
@NullMarked
package dev.troth.contracts.confluent;

import org.jspecify.annotations.NullMarked;
