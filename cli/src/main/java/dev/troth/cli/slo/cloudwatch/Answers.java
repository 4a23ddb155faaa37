package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import dev.troth.slo.objective.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What becomes of calls that fail: a right or a key to mend, or a service that does not answer. */
final class Answers {
  private static final Set<String> KEYS =
      Set.of(
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "ExpiredToken",
          "ExpiredTokenException",
          "SignatureDoesNotMatch",
          "InvalidSignatureException");

  private Answers() {}

  /**
   * The answer to a call.
   *
   * @param call gets the time that is left for it
   */
  static <T> T of(String action, Deadline deadline, Function<Duration, T> call) {
    Duration limit = deadline.ofNextCall(action);
    try {
      return call.apply(limit);
    } catch (AwsServiceException refused) {
      throw refusal(action, refused);
    } catch (ApiCallTimeoutException late) {
      throw deadline.isOver()
          ? deadline.over(action)
          : CommandException.failed(
              "CloudWatch has not answered %s within %s"
                  .formatted(action, Durations.format(limit)));
    } catch (SdkException unreachable) {
      for (Throwable cause = unreachable; cause != null; cause = cause.getCause()) {
        if (cause instanceof CommandException known) {
          throw known;
        }
      }
      throw CommandException.failed(
          "CloudWatch cannot be asked for %s: %s".formatted(action, firstLine(unreachable)));
    } catch (IllegalArgumentException | NullPointerException unreadable) {
      // The text of such an exception may be that of a header.
      throw CommandException.failed(
          "CloudWatch answers %s with what its SDK cannot read (%s)"
              .formatted(action, unreadable.getClass().getSimpleName()));
    }
  }

  private static CommandException refusal(String action, AwsServiceException refused) {
    AwsErrorDetails details = refused.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    String said = details == null || details.errorMessage() == null ? "" : details.errorMessage();
    code = cut(code);
    said = cut(said);
    if (KEYS.contains(code)) {
      return CommandException.usage(
          "CloudWatch does not take these credentials: %s: %s".formatted(code, said));
    }
    if (code.startsWith("AccessDenied") || refused.statusCode() == 403) {
      return CommandException.usage(
          "CloudWatch denies %s to these credentials: %s".formatted(action, said));
    }
    if (refused.statusCode() / 100 == 3) {
      return CommandException.failed(
          "CloudWatch answers %s with %d, a redirect, which is not followed: name by --endpoint the address that it leads to"
              .formatted(action, refused.statusCode()));
    }
    return CommandException.failed(
        refused.isThrottlingException()
            ? "CloudWatch throttles %s, also after %d attempts: %s"
                .formatted(action, refused.numAttempts(), said)
            : "CloudWatch does not answer %s: %s %s (status %d)"
                .formatted(action, code, said, refused.statusCode()));
  }

  /** All members of a list; a list of CBOR may hold nothing where a member is expected. */
  static <T> List<T> whole(List<T> members, String of) {
    for (T member : members) {
      if (member == null) {
        throw CommandException.failed(
            "CloudWatch answers with null among %s, expected none".formatted(of));
      }
    }
    return members;
  }

  /** The SDK repeats the attempts and the state of its chain in what follows. */
  static String firstLine(Exception exception) {
    String message = String.valueOf(exception.getMessage());
    return cut(message.lines().findFirst().orElse(message));
  }

  /** As much of a text of the service as a line may have. */
  static String cut(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }
}
