/** {@code troth up}, {@code token}, {@code config} and the training run of the AOT caches. */
@NullMarked
package dev.troth.cli.platform;

import org.jspecify.annotations.NullMarked;
