package dev.troth.slo.objective;

/** The upper tail of the binomial distribution. */
final class Binomial {
  private Binomial() {}

  /**
   * The probability of at least k successes in n trials, to about 1e-9; 1 where k is not above the
   * mean, for which callers need no better answer.
   */
  static double atLeast(long k, long n, double p) {
    if (k <= n * p) {
      return 1;
    }
    if (k > n) {
      return 0;
    }
    double term =
        Math.exp(
            logFactorial(n)
                - logFactorial(k)
                - logFactorial(n - k)
                + k * Math.log(p)
                + (n - k) * Math.log1p(-p));
    double sum = 0;
    // Above the mean each term is smaller than the one before by at least this ratio.
    for (long i = k; i <= n && term > sum * 1e-12; i++) {
      sum += term;
      term *= (double) (n - i) / (i + 1) * p / (1 - p);
    }
    return Math.min(1, sum);
  }

  /** Exact below 20, then Stirling's series (error below 1e-10). */
  private static double logFactorial(long n) {
    if (n < 20) {
      double product = 1;
      for (long i = 2; i <= n; i++) {
        product *= i;
      }
      return Math.log(product);
    }
    double x = n + 1;
    double square = x * x;
    double series = (1 / 12.0 - (1 / 360.0 - 1 / (1260.0 * square)) / square) / x;
    return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
  }
}
