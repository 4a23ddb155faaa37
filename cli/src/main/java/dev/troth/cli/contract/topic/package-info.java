/** Messages of a topic of Kafka as JSON, and the options that name it. */
@NullMarked
package dev.troth.cli.contract.topic;

import org.jspecify.annotations.NullMarked;
