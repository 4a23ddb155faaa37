/** Plans of Terraform, read as the templates that they come to. */
@NullMarked
package dev.troth.slo.terraform;

import org.jspecify.annotations.NullMarked;
