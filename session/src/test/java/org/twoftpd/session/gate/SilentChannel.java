package org.twoftpd.session.gate;

import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.wire.Message;

/** A channel to a monitor that hears, and says nothing by this way. */
abstract class SilentChannel implements ChannelToMonitor {
  @Override
  public abstract void send(Message message);

  @Override
  public final boolean receive() {
    throw new UnsupportedOperationException();
  }

  @Override
  public final Message next() {
    throw new UnsupportedOperationException();
  }

  @Override
  public final int descriptor() {
    throw new UnsupportedOperationException();
  }

  @Override
  public final int number() {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void close() {}
}
