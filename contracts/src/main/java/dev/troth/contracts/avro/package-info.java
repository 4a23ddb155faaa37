/** Messages described in Avro; needs {@code org.apache.avro:avro} on the class path. */
@NullMarked
package dev.troth.contracts.avro;

import org.jspecify.annotations.NullMarked;
