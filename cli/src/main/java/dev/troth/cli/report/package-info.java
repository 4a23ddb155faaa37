/** Findings as text, JSON, JUnit, SARIF and annotations of GitHub. */
@NullMarked
package dev.troth.cli.report;

import org.jspecify.annotations.NullMarked;
