package dev.troth.contracts.confluent;

import dev.troth.contracts.schema.Place;

/**
 * One difference between two schemas.
 *
 * @param rule what kind of difference it is
 * @param place the schema of the later version in which it shows
 * @param what the keyword or the name of the member that differs; empty for the schema itself
 */
public record Difference(Rule rule, Place place, String what) {}
