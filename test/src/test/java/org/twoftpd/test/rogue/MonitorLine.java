/*
 * A process's line to the monitor, on which any bytes and any descriptors can be sent, whatever the protocol allows.
 */
package org.twoftpd.test.rogue;

import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.Message;

/** Descriptor 0 of a process that the monitor has started. */
final class MonitorLine {
  private final AFUNIXSocketChannel channel;
  private final DataInputStream in;

  /** A frame that has come: its type and its body. */
  record Frame(int type, byte[] body) {
    /** The number of the connection that it is about. */
    long connection() {
      return ByteBuffer.wrap(body).getLong();
    }
  }

  MonitorLine() throws IOException {
    channel = FileDescriptorCast.using(FileDescriptor.in).as(AFUNIXSocketChannel.class);
    in = new DataInputStream(Channels.newInputStream(channel));
  }

  void send(Message m) throws IOException {
    send(Codec.encode(m));
  }

  void send(byte[] bytes) throws IOException {
    ByteBuffer b = ByteBuffer.wrap(bytes);
    while (b.hasRemaining()) {
      channel.write(b);
    }
  }

  /** Sends bytes, and so many descriptors beside the first of them. */
  void send(byte[] bytes, int descriptors) throws IOException {
    if (descriptors > 0) {
      FileDescriptor[] all = new FileDescriptor[descriptors];
      Arrays.fill(all, FileDescriptor.err);
      channel.setOutboundFileDescriptors(all);
    }
    send(bytes);
  }

  /** Waits for a frame; descriptors that come with it are dropped. */
  Frame read() throws IOException {
    int length = in.readInt();
    in.readUnsignedByte();
    int type = in.readUnsignedByte();
    return new Frame(type, in.readNBytes(length - 2));
  }

  /** Waits for a descriptor; whatever comes before it or along with it is dropped. */
  int descriptor() {
    byte[] dropped = new byte[4096];
    int[] descriptors = {-1};
    int n = 1;
    while (descriptors[0] < 0 && n != 0) {
      // Waits up to a minute.
      int _ = Native.poll(new int[] {0}, new short[] {1}, 1, 60_000);
      n = Native.recvmsg(0, dropped, 0, dropped.length, descriptors);
    }
    return descriptors[0];
  }

  /** Waits for a frame of that type. */
  Frame read(int type) throws IOException {
    Frame f = read();
    while (f.type != type) {
      f = read();
    }
    return f;
  }
}
