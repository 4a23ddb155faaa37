package dev.troth.orders.order;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Validator;
import dev.troth.contracts.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What the data of {@link OrderPlaced} keeps to: {@code examples/orders/contracts}, packed into the
 * jar. The producer asks it before it publishes, the consumer before it uses what came.
 */
public final class OrderPlacedContract {
  private static final String FILE = "/contracts/order_placed.json";

  private final Validator validator;

  private OrderPlacedContract(Validator validator) {
    this.validator = validator;
  }

  /** Reads the contract and compiles its validator: once, for all messages. */
  public static OrderPlacedContract load() throws IOException {
    try (InputStream in = OrderPlacedContract.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException("the jar has no " + FILE);
      }
      return new OrderPlacedContract(Contract.read(in.readAllBytes()).validator());
    }
  }

  /** What is wrong with the data, all of it in one line; empty when it keeps the contract. */
  public Optional<String> breach(byte[] data) {
    Verdict verdict = validator.validate(data);
    return verdict.valid() ? Optional.empty() : Optional.of(verdict.toString().replace("\n", "; "));
  }
}
