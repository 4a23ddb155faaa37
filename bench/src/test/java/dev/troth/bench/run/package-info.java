@NullMarked
package dev.troth.bench.run;

import org.jspecify.annotations.NullMarked;
