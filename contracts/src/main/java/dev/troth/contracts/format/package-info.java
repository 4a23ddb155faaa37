/** The formats of JSON Schema, checked on UTF-8 bytes. */
@NullMarked
package dev.troth.contracts.format;

import org.jspecify.annotations.NullMarked;
