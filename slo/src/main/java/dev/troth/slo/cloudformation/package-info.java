/**
 * Templates of AWS CloudFormation: their values, and what their alarms, objectives and charts read.
 */
@NullMarked
package dev.troth.slo.cloudformation;

import org.jspecify.annotations.NullMarked;
