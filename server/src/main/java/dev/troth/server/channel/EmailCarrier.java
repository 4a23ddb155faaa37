package dev.troth.server.channel;

import dev.troth.server.config.MailSettings;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.Pace;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ScheduledFuture;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * E-mail by SMTP, a connection a message. The connection is cut when the message takes longer than
 * its time, whatever the server is doing, and few are open at a time, since all of them meet the
 * same server.
 */
public final class EmailCarrier implements Carrier, Lifecycle {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*");
  private static final int LONGEST_LOCAL_PART = 64;
  private static final int LONGEST_ADDRESS = 254;
  private static final Pace PACE = new Pace(8, Duration.ZERO);

  private final MailSettings settings;
  private final Session session;
  private final MailWriter writer;
  private final Deadlines deadlines = new Deadlines();

  public EmailCarrier(MailSettings settings, Clock clock) {
    this.settings = settings;
    this.session = Session.getInstance(properties(settings));
    this.writer = new MailWriter(session, settings.from(), clock);
  }

  private static Properties properties(MailSettings settings) {
    boolean starttls = settings.tls() == MailSettings.Tls.STARTTLS;
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.localhost", MailWriter.domain(settings.from()));
    properties.setProperty("mail.smtp.auth", Boolean.toString(settings.login().isPresent()));
    properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(starttls));
    properties.setProperty("mail.smtp.starttls.required", Boolean.toString(starttls));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.quitwait", "false");
    return properties;
  }

  @Override
  public String kind() {
    return "email";
  }

  @Override
  public void checkAddress(String address) {
    if (address.length() > LONGEST_ADDRESS
        || address.indexOf('@') > LONGEST_LOCAL_PART
        || !ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException(
          "address is '%s', expected one mailbox such as ann@example.org".formatted(address));
    }
  }

  @Override
  public boolean confirms() {
    return true;
  }

  @Override
  public Pace pace() {
    return PACE;
  }

  @Override
  public String name() {
    return "e-mail";
  }

  @Override
  public void start() {}

  @Override
  public void stop() {
    deadlines.stop();
  }

  @Override
  public Outcome send(Endpoint to, Letter letter) {
    try (Socket socket = new BoundedSocket()) {
      ScheduledFuture<?> deadline = deadlines.after(settings.timeout(), () -> cut(socket));
      try {
        MimeMessage message = writer.message(to.address(), letter);
        return new Outcome.Delivered(send(socket, message));
      } finally {
        deadline.cancel(false);
      }
    } catch (AuthenticationFailedException e) {
      // Whoever runs the platform can mend this, and then everything that waits goes out.
      return failed("the mail server does not let %s in".formatted(who()));
    } catch (MessagingException e) {
      return SmtpAnswer.of(e);
    } catch (IOException e) {
      return failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private String send(Socket socket, MimeMessage message) throws IOException, MessagingException {
    int millis = Math.toIntExact(settings.timeout().toMillis());
    socket.connect(new InetSocketAddress(settings.host(), settings.port()), millis);
    socket.setSoTimeout(millis);
    URLName server =
        new URLName(
            "smtp",
            settings.host(),
            settings.port(),
            null,
            settings.login().map(MailSettings.Login::user).orElse(null),
            settings.login().map(MailSettings.Login::password).orElse(null));
    try (SMTPTransport transport = new SMTPTransport(session, server)) {
      transport.connect(settings.tls() == MailSettings.Tls.IMPLICIT ? secured(socket) : socket);
      transport.sendMessage(message, message.getAllRecipients());
      return String.valueOf(transport.getLastServerResponse()).strip();
    }
  }

  private Socket secured(Socket socket) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secured =
        (SSLSocket) factory.createSocket(socket, settings.host(), settings.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private String who() {
    return settings.login().map(MailSettings.Login::user).orElse("anybody");
  }

  private static Outcome failed(String why) {
    return new Outcome.Failed(why, Duration.ZERO);
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use either way.
    }
  }
}
