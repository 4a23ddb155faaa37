/** What the rooms' tests share: sizes, seeded properties, public suites, faults. */
@NullMarked
package dev.troth.testkit;

import org.jspecify.annotations.NullMarked;
