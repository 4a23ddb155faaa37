/** What the registry keeps and speaks of: names, schemas, versions and settings as values. */
@NullMarked
package dev.troth.server.registry.schema;

import org.jspecify.annotations.NullMarked;
