@NullMarked
package dev.troth.observe.btf;

import org.jspecify.annotations.NullMarked;
