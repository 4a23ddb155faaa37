package dev.troth.observe.kafka;

/** The codes of errors by name, as far as produce and fetch give them; others by number. */
final class Errors {
  private Errors() {}

  static String name(int code) {
    return switch (code) {
      case 0 -> "";
      case -1 -> "UNKNOWN_SERVER_ERROR";
      case 1 -> "OFFSET_OUT_OF_RANGE";
      case 2 -> "CORRUPT_MESSAGE";
      case 3 -> "UNKNOWN_TOPIC_OR_PARTITION";
      case 5 -> "LEADER_NOT_AVAILABLE";
      case 6 -> "NOT_LEADER_OR_FOLLOWER";
      case 7 -> "REQUEST_TIMED_OUT";
      case 10 -> "MESSAGE_TOO_LARGE";
      case 17 -> "INVALID_TOPIC_EXCEPTION";
      case 18 -> "RECORD_LIST_TOO_LARGE";
      case 19 -> "NOT_ENOUGH_REPLICAS";
      case 20 -> "NOT_ENOUGH_REPLICAS_AFTER_APPEND";
      case 21 -> "INVALID_REQUIRED_ACKS";
      case 29 -> "TOPIC_AUTHORIZATION_FAILED";
      case 31 -> "CLUSTER_AUTHORIZATION_FAILED";
      case 32 -> "INVALID_TIMESTAMP";
      case 35 -> "UNSUPPORTED_VERSION";
      case 43 -> "UNSUPPORTED_FOR_MESSAGE_FORMAT";
      case 45 -> "OUT_OF_ORDER_SEQUENCE_NUMBER";
      case 47 -> "INVALID_PRODUCER_EPOCH";
      case 56 -> "KAFKA_STORAGE_ERROR";
      case 59 -> "UNKNOWN_PRODUCER_ID";
      case 70 -> "FETCH_SESSION_ID_NOT_FOUND";
      case 71 -> "INVALID_FETCH_SESSION_EPOCH";
      case 74 -> "FENCED_LEADER_EPOCH";
      case 75 -> "UNKNOWN_LEADER_EPOCH";
      case 76 -> "UNSUPPORTED_COMPRESSION_TYPE";
      case 87 -> "INVALID_RECORD";
      case 89 -> "THROTTLING_QUOTA_EXCEEDED";
      case 100 -> "UNKNOWN_TOPIC_ID";
      case 103 -> "INCONSISTENT_TOPIC_ID";
      case 106 -> "FETCH_SESSION_TOPIC_ID_ERROR";
      default -> Integer.toString(code);
    };
  }
}
