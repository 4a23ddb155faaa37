/** Groups of users, and what is watched for all of their members. */
@NullMarked
package dev.troth.server.group;

import org.jspecify.annotations.NullMarked;
