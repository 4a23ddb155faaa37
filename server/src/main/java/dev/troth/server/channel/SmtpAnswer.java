package dev.troth.server.channel;

import dev.troth.watch.delivery.Outcome;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** What a mail server's refusal means for the delivery (RFC 5321 §4.2.1, RFC 3463 §3.2). */
final class SmtpAnswer {
  /** No such mailbox, no such domain, or a mailbox that has moved. */
  private static final Pattern NO_MAILBOX = Pattern.compile("^5\\d\\d[ -]5\\.1\\.[126]\\b");

  private SmtpAnswer() {}

  /**
   * 4xx, and a conversation that breaks off, may work later; 5xx will not; and an address of which
   * the server says that there is no such mailbox is no more.
   */
  static Outcome of(MessagingException refusal) {
    for (Exception one = refusal; one != null; one = next(one)) {
      int code = code(one);
      String said = said(one);
      if (one instanceof SMTPAddressFailedException && NO_MAILBOX.matcher(said).find()) {
        return new Outcome.Gone(said);
      }
      // A failed sending wraps the answers about its recipients, which say more.
      if (code / 100 == 5 && next(one) == null) {
        return new Outcome.Refused(said);
      }
      if (code / 100 == 4 && next(one) == null) {
        return new Outcome.Failed(said, Duration.ZERO);
      }
    }
    return new Outcome.Failed(said(refusal), Duration.ZERO);
  }

  private static int code(Exception one) {
    return switch (one) {
      case SMTPAddressFailedException address -> address.getReturnCode();
      case SMTPSenderFailedException sender -> sender.getReturnCode();
      case SMTPSendFailedException sending -> sending.getReturnCode();
      default -> 0;
    };
  }

  private static @Nullable Exception next(Exception one) {
    return one instanceof MessagingException messaging ? messaging.getNextException() : null;
  }

  private static String said(Exception one) {
    Exception cause = next(one);
    String text = String.valueOf(one.getMessage());
    return (cause == null ? text : text + " (" + cause.getMessage() + ")")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
