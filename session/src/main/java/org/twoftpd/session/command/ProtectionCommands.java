package org.twoftpd.session.command;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.text.Ascii;

/**
 * What AUTH, PBSZ, PROT and CCC (RFC 4217) answer the same before a login and behind it. Whoever
 * has the client says whether it talks over TLS, and keeps what it chooses.
 */
public abstract class ProtectionCommands {
  private final String whenInClear;

  /**
   * @param whenInClear answers PBSZ and PROT on a connection without TLS
   */
  protected ProtectionCommands(String whenInClear) {
    this.whenInClear = whenInClear;
  }

  /** True when the control connection is over TLS. */
  protected abstract boolean isSecure();

  /** True when data connections may not be in clear. */
  protected abstract boolean isDataRequired();

  /** The client has chosen whether its data connections are over TLS. */
  protected abstract void setPrivate(boolean privately);

  /** AUTH a second time. */
  protected static void refuseAgain(ControlConnection control) throws ConnectionEnded {
    control.reply(534, "This connection is over TLS already.");
  }

  /** CCC (RFC 4217, 9), which nobody gets. */
  public final void refuseClearing(ControlConnection control) throws ConnectionEnded {
    if (isSecure()) {
      control.reply(534, "This connection stays over TLS.");
    } else {
      control.reply(533, "This connection is in clear.");
    }
  }

  /** PBSZ (RFC 4217, 9): there is no buffer to be sized. */
  public final void setBufferSize(ControlConnection control, byte[] size) throws ConnectionEnded {
    if (!isSecure()) {
      control.reply(503, whenInClear);
    } else if (Ascii.parseNumber(size, 0, size.length, 10) < 0) {
      control.reply(501, "A number is needed.");
    } else {
      control.reply(200, "PBSZ=0");
    }
  }

  /** PROT (RFC 4217, 9). */
  public final void chooseLevel(ControlConnection control, byte[] level) throws ConnectionEnded {
    if (!isSecure()) {
      control.reply(503, whenInClear);
    } else if (Ascii.equalsIgnoreCase(level, "P")) {
      setPrivate(true);
      control.reply(200, "Data connections are over TLS.");
    } else if (Ascii.equalsIgnoreCase(level, "C") && isDataRequired()) {
      control.reply(534, "Data connections have to be over TLS here (TLS_DATA).");
    } else if (Ascii.equalsIgnoreCase(level, "C")) {
      setPrivate(false);
      control.reply(200, "Data connections are in clear.");
    } else {
      boolean known = Ascii.equalsIgnoreCase(level, "S") || Ascii.equalsIgnoreCase(level, "E");
      control.reply(known ? 536 : 504, "Known are P and C.");
    }
  }
}
