package dev.troth.server.channel;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;

/**
 * Makes the e-mail of a letter: a plain part and one of HTML, and headers that mail programs use.
 */
final class MailWriter {
  private static final int LONGEST_SUBJECT = 200;

  private final Session session;
  private final String from;
  private final Clock clock;

  MailWriter(Session session, String from, Clock clock) {
    this.session = session;
    this.from = from;
    this.clock = clock;
  }

  /** The part of an address behind the @. */
  static String domain(String address) {
    return address.substring(address.lastIndexOf('@') + 1);
  }

  /** A message whose id is the letter's key, so that a repetition is known as one. */
  private static final class Keyed extends MimeMessage {
    private final String id;

    Keyed(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  MimeMessage message(String to, Letter letter) throws MessagingException {
    MimeMessage message = new Keyed(session, id(letter.key().text()));
    message.setFrom(new InternetAddress(from, true));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
    message.setSubject(line(letter.title()), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(clock.instant()));
    // RFC 3834: nobody's absence note answers it.
    message.setHeader("Auto-Submitted", "auto-generated");
    if (letter instanceof Letter.Told told) {
      String thread = id(hash(told.notification().change().subject().toString()));
      message.setHeader("References", thread);
      message.setHeader("In-Reply-To", thread);
      unsubscribing(message, told.stop());
    } else if (letter instanceof Letter.Several several) {
      unsubscribing(message, several.stop());
    }
    MimeMultipart parts = new MimeMultipart("alternative");
    parts.addBodyPart(part(MailText.plain(letter), "plain"));
    parts.addBodyPart(part(MailText.html(letter), "html"));
    message.setContent(parts);
    message.saveChanges();
    return message;
  }

  /** RFC 8058: one click in a mail program is enough. */
  private static void unsubscribing(MimeMessage message, URI stop) throws MessagingException {
    message.setHeader("List-Unsubscribe", "<" + stop + ">");
    message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }

  private static MimeBodyPart part(String text, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(text, StandardCharsets.UTF_8.name(), subtype);
    part.setHeader("Content-Transfer-Encoding", "quoted-printable");
    return part;
  }

  /** One line without controls: what stands in a header ends that header nowhere. */
  private static String line(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    return line.length() > LONGEST_SUBJECT ? line.substring(0, LONGEST_SUBJECT - 1) + "…" : line;
  }

  private String id(String unique) {
    return "<" + unique + "@" + domain(from) + ">";
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "subject_" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, 18));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
