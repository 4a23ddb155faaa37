@NullMarked
package dev.troth.bench.results;

import org.jspecify.annotations.NullMarked;
