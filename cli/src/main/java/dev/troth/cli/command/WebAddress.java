package dev.troth.cli.command;

import java.net.URI;

/** An address of a service on the web that an option names. */
public final class WebAddress {
  private WebAddress() {}

  /** The address; one that holds a password is refused without showing it. */
  public static URI of(String option, URI address) {
    if (String.valueOf(address.getRawAuthority()).contains("@")
        || (address.isOpaque() && address.toString().contains("@"))) {
      throw CommandException.usage(
          option + " holds a user or a password, expected an address without them");
    }
    String scheme = String.valueOf(address.getScheme());
    int port = address.getPort();
    if ((!scheme.equals("http") && !scheme.equals("https"))
        || address.getHost() == null
        || port == 0
        || port > 65_535) {
      throw CommandException.usage(
          "%s is '%s', expected an address that begins with http:// or https://"
              .formatted(option, address));
    }
    return address;
  }
}
