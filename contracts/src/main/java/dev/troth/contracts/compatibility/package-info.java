/** Whether a new version of a schema may take the place of the earlier ones. */
@NullMarked
package dev.troth.contracts.compatibility;

import org.jspecify.annotations.NullMarked;
