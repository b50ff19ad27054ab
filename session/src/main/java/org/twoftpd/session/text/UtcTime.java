package org.twoftpd.session.text;

/**
 * A second in UTC and the proleptic Gregorian calendar, from the year 0 to 9999, which is the range
 * that RFC 3659 section 2.3 can write. The arithmetic stands here because java.time would make
 * every login load a hundred classes and a file of time zones, which a chroot does not hold.
 *
 * @param month 1 to 12
 * @param day 1 to 31
 */
public record UtcTime(int year, int month, int day, int hour, int minute, int second) {
  /** {@link #parse} returns this for a text that is not a valid time. */
  public static final long INVALID = Long.MIN_VALUE;

  private static final int SECONDS_PER_DAY = 86_400;
  private static final long FIRST_SECOND = -62_167_219_200L;
  private static final long LAST_SECOND = 253_402_300_799L;

  // The arithmetic counts years from 1 March, so that the leap day is the last day of its year. It
  // groups years into eras of 400, because all eras have the same number of days.
  private static final int DAYS_OF_ERA = 146_097;
  private static final int DAYS_OF_CENTURY = 36_524;
  private static final int DAYS_OF_FOUR_YEARS = 1_461;
  private static final int MARCH_1_OF_YEAR_0 = -719_468;

  /**
   * Converts a number of seconds to a date and a time of day.
   *
   * @param seconds since 1970-01-01 00:00:00 UTC; a time before the year 0 or after 9999 becomes
   *     the first or last second of that range
   */
  public static UtcTime ofEpochSecond(long seconds) {
    long inside = clampToRange(seconds);
    int days = (int) Math.floorDiv(inside, SECONDS_PER_DAY);
    int rest = Math.floorMod(inside, SECONDS_PER_DAY);
    int era = Math.floorDiv(days - MARCH_1_OF_YEAR_0, DAYS_OF_ERA);
    int dayOfEra = Math.floorMod(days - MARCH_1_OF_YEAR_0, DAYS_OF_ERA);
    int century = Math.min(dayOfEra / DAYS_OF_CENTURY, 3);
    int dayOfCentury = dayOfEra - century * DAYS_OF_CENTURY;
    int four = dayOfCentury / DAYS_OF_FOUR_YEARS;
    int dayOfFour = dayOfCentury - four * DAYS_OF_FOUR_YEARS;
    int single = Math.min(dayOfFour / 365, 3);
    int dayOfYear = dayOfFour - single * 365;
    // From March on, the lengths of months repeat 31 30 31 30 31: five months have 153 days.
    int fromMarch = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - countDaysBefore(fromMarch) + 1;
    int year = era * 400 + century * 100 + four * 4 + single + (fromMarch >= 10 ? 1 : 0);
    int month = fromMarch >= 10 ? fromMarch - 9 : fromMarch + 3;
    return new UtcTime(year, month, day, rest / 3600, rest / 60 % 60, rest % 60);
  }

  /** Returns the given second since 1970, or the nearest one in the years 0 to 9999. */
  public static long clampToRange(long seconds) {
    return Math.clamp(seconds, FIRST_SECOND, LAST_SECOND);
  }

  private static int countDaysBefore(int monthFromMarch) {
    return (153 * monthFromMarch + 2) / 5;
  }

  /** Returns the seconds since 1970-01-01 00:00:00 UTC. */
  public long toEpochSecond() {
    int years = month > 2 ? year : year - 1;
    int monthFromMarch = month > 2 ? month - 3 : month + 9;
    long days =
        365L * years
            + Math.floorDiv(years, 4)
            - Math.floorDiv(years, 100)
            + Math.floorDiv(years, 400)
            + countDaysBefore(monthFromMarch)
            + (day - 1)
            + MARCH_1_OF_YEAR_0;
    return days * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second;
  }

  /**
   * Reads YYYYMMDDHHMMSS, with or without a fraction of a second, which it drops. It takes a leap
   * second, 60, for the first second of the next minute, since POSIX time has no leap seconds.
   *
   * @return the seconds since 1970, or {@link #INVALID}
   */
  public static long parse(byte[] text, int offset, int length) {
    if (length < 14 || length == 15 || (length > 14 && text[offset + 14] != '.')) {
      return INVALID;
    }
    for (int i = 0; i < length; i++) {
      if (i != 14 && (text[offset + i] < '0' || text[offset + i] > '9')) {
        return INVALID;
      }
    }
    UtcTime time =
        new UtcTime(
            parseTwoDigits(text, offset) * 100 + parseTwoDigits(text, offset + 2),
            parseTwoDigits(text, offset + 4),
            parseTwoDigits(text, offset + 6),
            parseTwoDigits(text, offset + 8),
            parseTwoDigits(text, offset + 10),
            parseTwoDigits(text, offset + 12));
    return time.isValid() ? time.toEpochSecond() : INVALID;
  }

  private static int parseTwoDigits(byte[] text, int at) {
    return (text[at] - '0') * 10 + text[at + 1] - '0';
  }

  private boolean isValid() {
    return month >= 1
        && month <= 12
        && day >= 1
        && day <= countDaysOfMonth()
        && hour < 24
        && minute < 60
        && second <= 60;
  }

  private int countDaysOfMonth() {
    return switch (month) {
      case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Appends the date and the time of day as YYYYMMDDHHMMSS. */
  public void appendTimestamp(Text out) {
    appendDate(out);
    appendTimeOfDay(out, hour * 3600 + minute * 60 + second);
  }

  /** Appends the date as YYYYMMDD. */
  public void appendDate(Text out) {
    out.addZeroPadded(year, 4).addZeroPadded(month, 2).addZeroPadded(day, 2);
  }

  /**
   * Appends a time of day as HHMMSS.
   *
   * @param secondOfDay from 0 to 86 399
   */
  public static void appendTimeOfDay(Text out, int secondOfDay) {
    int minuteOfDay = secondOfDay / 60;
    out.addZeroPadded(minuteOfDay / 60, 2)
        .addZeroPadded(minuteOfDay % 60, 2)
        .addZeroPadded(secondOfDay % 60, 2);
  }
}
