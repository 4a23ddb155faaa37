package dev.troth.orders.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The event that an order was placed: a CloudEvent 1.0 in structured mode.
 *
 * <p>Its id follows from the order's, so that sending it twice tells of it once. {@code data} is
 * the {@link Order}; {@code traceparent} (the CloudEvents extension for distributed tracing) says
 * for which request it was made.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderPlaced(
    String specversion,
    String id,
    String source,
    String type,
    String subject,
    Instant time,
    String datacontenttype,
    @Nullable String traceparent,
    Object data) {
  /** The CloudEvent type, and the name of the contract that {@code data} keeps. */
  public static final String TYPE = "order_placed";

  private static final String SUBJECT = "order/";

  /** The event of an order; {@code data} is what goes out, normally the order itself. */
  public static OrderPlaced of(Order order, Object data, @Nullable String traceparent) {
    return new OrderPlaced(
        "1.0",
        idOf(order.orderId()),
        "/orders/handler",
        TYPE,
        SUBJECT + order.orderId(),
        order.placedAt(),
        "application/json",
        traceparent,
        data);
  }

  public static String idOf(String orderId) {
    return orderId + "-placed";
  }
}
