package dev.troth.watch.fanout;

import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Notification;

/** A notification that the page could not settle itself, with the record of its attempts. */
public record PendingDelivery(Notification notification, Delivery delivery) {}
