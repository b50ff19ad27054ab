package org.twoftpd.monitor.start;

import java.util.List;
import java.util.function.Consumer;
import org.twoftpd.monitor.client.Listener;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.ServiceEvent;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;

/** Tells the log and the service manager that the service serves, and that it is alive. */
public final class Announcement {
  private static final String SERVING = "serving";

  private final ServiceNotify manager;
  private final EventLoop loop;
  private final List<Listener> listeners;
  private final Consumer<Event> log;
  private boolean announced;

  public Announcement(
      ServiceNotify manager, EventLoop loop, List<Listener> listeners, Consumer<Event> log) {
    this.manager = manager;
    this.loop = loop;
    this.listeners = listeners;
    this.log = log;
  }

  /** Says where the service listens, when it begins to; it may begin anew after a pause. */
  public void announceOnce() {
    if (announced) {
      return;
    }
    announced = true;
    byte[] address = new byte[Endpoint.SOCKADDR_MAX];
    for (Listener l : listeners) {
      int n = Native.getsockname(l.fd(), address);
      log.accept(new ServiceEvent.Listening(n < 0 ? null : Endpoint.fromSockaddr(address, n)));
    }
    tellServing();
  }

  /** Tells the service manager from now on that the loop turns, as often as it wants to know. */
  public void beginHeartbeats() {
    if (manager.beatMillis() > 0) {
      sendHeartbeats();
    }
  }

  private void sendHeartbeats() {
    manager.tellAlive();
    loop.runAfter(manager.beatMillis(), this::sendHeartbeats);
  }

  /** The settings are being read again. */
  public void tellReloading() {
    manager.tellReloading();
  }

  /** The settings have been read again, or the service has begun. */
  public void tellServing() {
    manager.tellReady(SERVING);
  }
}
