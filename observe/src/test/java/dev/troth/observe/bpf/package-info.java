@NullMarked
package dev.troth.observe.bpf;

import org.jspecify.annotations.NullMarked;
