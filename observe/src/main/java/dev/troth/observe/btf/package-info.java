/** BTF, the kernel's own type information: where each field of each structure lies. */
@NullMarked
package dev.troth.observe.btf;

import org.jspecify.annotations.NullMarked;
