package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import java.time.Duration;
import java.util.TreeSet;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClientBuilder;

/** Opens CloudWatch of an account: where it is, and who asks. */
final class Account {
  /** Unless {@code AWS_MAX_ATTEMPTS} says otherwise; a throttled account needs more than three. */
  private static final int ATTEMPTS = 8;

  private final CloudWatchOptions options;

  Account(CloudWatchOptions options) {
    this.options = options;
  }

  CloudWatchClient open() {
    options.profile().ifPresent(Account::known);
    CloudWatchClientBuilder builder =
        CloudWatchClient.builder()
            .region(region())
            .credentialsProvider(credentials())
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(Duration.ofSeconds(10))
                    .socketTimeout(Duration.ofMinutes(1)))
            .overrideConfiguration(configuration ->
                configuration
                    .addExecutionInterceptor(new LongestAnswer())
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(
                                SdkSystemSetting.AWS_MAX_ATTEMPTS
                                    .getIntegerValue()
                                    .orElse(ATTEMPTS))
                            .build()));
    options.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /** The SDK passes over a profile that is not there; whoever names one wants no other. */
  private static void known(String profile) {
    ProfileFile file = ProfileFile.defaultProfileFile();
    if (file.profile(profile).isEmpty()) {
      throw CommandException.usage(
          "--profile is '%s', expected %s"
              .formatted(
                  profile,
                  file.profiles().isEmpty()
                      ? "a profile of ~/.aws/config or ~/.aws/credentials, which have none"
                      : "one of " + String.join(", ", new TreeSet<>(file.profiles().keySet()))));
    }
  }

  private Region region() {
    String name =
        options
            .region()
            .orElseGet(() -> {
              DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
              options.profile().ifPresent(chain::profileName);
              try {
                return chain.build().getRegion().id();
              } catch (SdkClientException none) {
                throw CommandException.usage(
                    "the region of AWS is missing: give --region, or set AWS_REGION, or 'region' in"
                        + " the profile");
              }
            });
    if (!name.matches("[a-z]{2,}(-[a-z]+)+-\\d{1,2}")) {
      throw CommandException.usage(
          "the region is '%s', expected one such as eu-central-1".formatted(name));
    }
    return Region.of(name);
  }

  /** Asked for once here, so that their absence is told from a refusal. */
  private AwsCredentialsProvider credentials() {
    AwsCredentialsProvider provider =
        options
            .profile()
            .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
            .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    try {
      sendable(provider.resolveCredentials());
      return provider;
    } catch (IllegalArgumentException unsendable) {
      // Its text may repeat what cannot be sent: a token.
      throw CommandException.usage(
          "the credentials of AWS cannot be asked for: a token among them has characters that no"
              + " header holds");
    } catch (SdkClientException | IllegalStateException none) {
      throw CommandException.usage(
          ("there are no credentials of AWS: %s. Profiles that assume a role or sign in are not"
                  + " read: aws configure export-credentials writes theirs into the environment")
              .formatted(Answers.firstLine(none)));
    }
  }

  /** They go into headers, which hold no others; what is wrong is said without them. */
  private static void sendable(AwsCredentials credentials) {
    sendable("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
    sendable("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
    if (credentials instanceof AwsSessionCredentials session) {
      sendable("AWS_SESSION_TOKEN", session.sessionToken());
    }
  }

  private static void sendable(String name, String value) {
    if (!value.matches("[!-~]{1,16000}")) {
      throw CommandException.usage(
          ("%s, or its like in the profile, has %d characters, expected at most 16000 of ASCII"
                  + " without blanks and line breaks")
              .formatted(name, value.length()));
    }
  }
}
