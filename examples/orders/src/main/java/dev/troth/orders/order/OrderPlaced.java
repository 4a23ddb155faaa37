package dev.troth.orders.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The event that an order was placed: a CloudEvent 1.0 in structured mode.
 *
 * <p>Its id follows from the order's, so that sending it twice tells of it once. {@code data} is
 * the {@link Order}; {@code traceparent} (the CloudEvents extension for distributed tracing) says
 * for which request it was made, {@code authid} (the extension for the auth context) for whom, and
 * {@code dataschema} which version of the contract {@code data} keeps.
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
    @Nullable String dataschema,
    @Nullable String traceparent,
    @Nullable String authtype,
    @Nullable String authid,
    Object data) {
  /** The CloudEvent type, and the name of the contract that {@code data} keeps. */
  public static final String TYPE = "order_placed";

  private static final String SUBJECT = "order/";

  /**
   * For whom and for which request an event is made.
   *
   * @param caller the subject of the caller's token; null if nobody asked for one
   */
  public record Origin(@Nullable String caller, @Nullable String traceparent) {}

  /** The event of an order; {@code data} is what goes out, normally the order itself. */
  public static OrderPlaced of(Order order, Object data, Optional<URI> dataschema, Origin origin) {
    return new OrderPlaced(
        "1.0",
        idOf(order.orderId()),
        "/orders/handler",
        TYPE,
        SUBJECT + order.orderId(),
        order.placedAt(),
        "application/json",
        dataschema.map(URI::toString).orElse(null),
        origin.traceparent(),
        origin.caller() == null ? null : "app_user",
        origin.caller(),
        data);
  }

  public static String idOf(String orderId) {
    return orderId + "-placed";
  }
}
