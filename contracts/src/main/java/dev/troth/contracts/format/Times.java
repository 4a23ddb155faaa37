package dev.troth.contracts.format;

/** Dates and times of RFC 3339 §5.6. */
final class Times {
  private Times() {}

  static boolean dateTime(byte[] b, int from, int to) {
    return to - from >= 20
        && date(b, from, from + 10)
        && (b[from + 10] | 0x20) == 't'
        && time(b, from + 11, to);
  }

  static boolean date(byte[] b, int from, int to) {
    if (to - from != 10 || b[from + 4] != '-' || b[from + 7] != '-') {
      return false;
    }
    int century = two(b, from);
    int yearOfCentury = two(b, from + 2);
    int month = two(b, from + 5);
    int day = two(b, from + 8);
    if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) {
      return false;
    }
    return day <= 28 || day <= daysOf(month, century * 100 + yearOfCentury);
  }

  private static int daysOf(int month, int year) {
    if (month == 2) {
      boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
      return leap ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  static boolean time(byte[] b, int from, int to) {
    if (to - from < 9 || b[from + 2] != ':' || b[from + 5] != ':') {
      return false;
    }
    int hour = two(b, from);
    int minute = two(b, from + 3);
    int second = two(b, from + 6);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      return false;
    }
    int at = from + 8;
    if (b[at] == '.') {
      int digits = ++at;
      while (at < to && b[at] >= '0' && b[at] <= '9') {
        at++;
      }
      if (at == digits || at == to) {
        return false;
      }
    }
    if ((b[at] | 0x20) == 'z') {
      return at + 1 == to && (second < 60 || (hour == 23 && minute == 59));
    }
    return offset(b, at, to, second == 60 ? hour * 60 + minute : -1);
  }

  /** A numeric offset; a leap second must be the last of a UTC day. */
  private static boolean offset(byte[] b, int at, int to, int leapMinute) {
    if (to - at != 6 || (b[at] != '+' && b[at] != '-') || b[at + 3] != ':') {
      return false;
    }
    int hours = two(b, at + 1);
    int minutes = two(b, at + 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return false;
    }
    int offset = (b[at] == '+' ? 1 : -1) * (hours * 60 + minutes);
    return leapMinute < 0 || Math.floorMod(leapMinute - offset, 24 * 60) == 23 * 60 + 59;
  }

  /** The number that two digits write, or a negative one. */
  private static int two(byte[] b, int at) {
    int tens = b[at] - '0';
    int ones = b[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
  }
}
