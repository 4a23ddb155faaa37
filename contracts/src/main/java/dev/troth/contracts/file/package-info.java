/** Reading contract files: YAML or JSON, with the places of all values. */
@NullMarked
package dev.troth.contracts.file;

import org.jspecify.annotations.NullMarked;
