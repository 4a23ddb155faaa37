/** Writes an objective for other systems: CloudFormation templates for Amazon CloudWatch. */
@NullMarked
package dev.troth.slo.export;

import org.jspecify.annotations.NullMarked;
