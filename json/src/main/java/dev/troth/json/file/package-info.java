/** Files of YAML or JSON: their values, and the place of each. */
@NullMarked
package dev.troth.json.file;

import org.jspecify.annotations.NullMarked;
