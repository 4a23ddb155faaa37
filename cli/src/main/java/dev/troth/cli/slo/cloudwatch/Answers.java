package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
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

  static <T> T of(String action, Supplier<T> call) {
    try {
      return call.get();
    } catch (AwsServiceException refused) {
      String code = refused.awsErrorDetails() == null ? "" : refused.awsErrorDetails().errorCode();
      String said =
          refused.awsErrorDetails() == null ? "" : refused.awsErrorDetails().errorMessage();
      if (KEYS.contains(code)) {
        throw CommandException.usage(
            "CloudWatch does not take these credentials: %s: %s".formatted(code, said));
      }
      if (code.startsWith("AccessDenied") || refused.statusCode() == 403) {
        throw CommandException.usage(
            "CloudWatch denies %s to these credentials: %s".formatted(action, said));
      }
      throw CommandException.failed(
          refused.isThrottlingException()
              ? "CloudWatch throttles %s, also after %d attempts: %s"
                  .formatted(action, refused.numAttempts(), said)
              : "CloudWatch does not answer %s: %s %s (status %d)"
                  .formatted(action, code, said, refused.statusCode()));
    } catch (SdkException unreachable) {
      throw CommandException.failed(
          "CloudWatch cannot be asked for %s: %s".formatted(action, firstLine(unreachable)));
    }
  }

  /** The SDK repeats the attempts and the state of its chain in what follows. */
  static String firstLine(Exception exception) {
    String message = String.valueOf(exception.getMessage());
    String first = message.lines().findFirst().orElse(message);
    return first.length() > 300 ? first.substring(0, 300) + "…" : first;
  }
}
