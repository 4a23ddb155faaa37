/** Integer counts per minute, kept so that any window's sum costs two reads. */
@NullMarked
package dev.troth.slo.count;

import org.jspecify.annotations.NullMarked;
