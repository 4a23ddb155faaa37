/**
 * The schema model: JSON Schema of drafts 4, 6, 7, 2019-09 and 2020-12 as a graph of {@link
 * dev.troth.contracts.schema.Schema}s with typed {@link dev.troth.contracts.schema.Keyword}s.
 */
@NullMarked
package dev.troth.contracts.schema;

import org.jspecify.annotations.NullMarked;
