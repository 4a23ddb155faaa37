package dev.troth.cli.demo.mailbox;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is shown.
 *
 * @param text its plain part, or why it could not be read
 */
public record Letter(Instant at, String to, String id, String subject, String text) {

  /** Reads a message as it came by SMTP. */
  static Letter of(Instant at, String to, byte[] bytes) {
    try {
      MimeMessage message =
          new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
      return new Letter(
          at,
          to,
          orEmpty(message.getMessageID()),
          orEmpty(message.getSubject()),
          text(message.getContent()));
    } catch (MessagingException | IOException e) {
      return new Letter(at, to, "", "(a message that cannot be read)", e.toString());
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String text(Object content) throws MessagingException, IOException {
    if (content instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        BodyPart part = parts.getBodyPart(i);
        if (part.isMimeType("text/plain")) {
          return String.valueOf(part.getContent());
        }
      }
      return "(no plain text)";
    }
    return content instanceof String plain ? plain : "(no text)";
  }
}
