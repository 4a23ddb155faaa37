package dev.troth.contracts.table;

import java.util.Optional;

/**
 * A column of a table.
 *
 * @param declared its type as the database writes it, such as {@code numeric(10,2)}
 * @param nullable whether it may hold NULL
 */
public record Column(
    String name, String declared, ColumnType type, boolean nullable, Optional<String> comment) {}
