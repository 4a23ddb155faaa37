/**
 * Templates of AWS CloudFormation: what they watch, and the mistakes that composites of CloudWatch
 * metrics make.
 */
@NullMarked
package dev.troth.slo.cloudformation;

import org.jspecify.annotations.NullMarked;
