/*
 * Trusted to leave nothing to be loaded later: in the jail there is no jar to load it from, and its descriptor is gone.
 */
package org.twoftpd.session.confine;

/**
 * Every class that a session or a gate can come to use. A test holds the lists against what the
 * build has made.
 */
public final class Preload {
  /** A package, then its classes, with a space behind each. */
  static final String[][] CLASSES = {
    {"org.twoftpd.session.", "Main$1 "},
    {
      "org.twoftpd.session.command.",
      "Command Command$Handler Command$Takes CommandTable Conversation Conversation$1 "
          + "DataTransfer DataTransfer$1 DataTransfer$Finish DataTransfer$Work HostPort "
          + "Information Listings Modification MonitorLink Navigation "
          + "Parameters RequestText Retrieval Site Storage Storage$Opening Tables "
          + "Tables$1 UploadTarget "
    },
    {
      "org.twoftpd.session.confine.",
      "Confinement Confinement$Failed Descriptors KernelFilter KernelFilter$1 ThreadCheck "
    },
    {
      "org.twoftpd.session.control.",
      "CommandLine CommandReader ConnectionEnded ControlConnection "
          + "ControlConnection$ReplyWatcher KeepAlive KeptCommands ParsedReplies PollReadiness Readiness "
    },
    {
      "org.twoftpd.session.data.",
      "AsciiTranslation DataConnectionFailed DataConnector DataConnector$1 "
          + "DataConnector$Watcher LineSource Pipe Receiver Sender Transfer Transfer$1 "
          + "TransferResult TransferResult$End TransferWait TransferWait$Listener "
          + "TransferWait$Outcome "
    },
    {
      "org.twoftpd.session.fs.",
      "AtomicStore AtomicStore$Target Descent Directory FileHandle FileOpener FileOpener$1 "
          + "FileTree HomeLookup HomeWalk KernelLookup Lookup Place RandomName "
          + "StoreMode VirtualPath "
    },
    {
      "org.twoftpd.session.listing.",
      "DirectoryEntries Entries FactFormat Facts LineFormat Listing Listing$Kind "
          + "ListingOptions ListingOrder ListingOrder$By ListingStyle LongFormat NameFormat "
          + "NameList NamePattern NamedPaths PathExpansion PermittedVerbs StatusBatch StatusHelper "
          + "StatusQueue StatusQueue$Source Viewer "
    },
    {"org.twoftpd.session.policy.", "Access Gate "},
    {"org.twoftpd.session.text.", "Ascii Text UtcTime WireName "},
    {
      "org.twoftpd.shared.config.",
      "AnonymousMode PortRange RootKind SessionOption SessionOptions Table "
    },
    {"org.twoftpd.shared.fd.", "ChannelToMonitor SocketToMonitor "},
    {
      "org.twoftpd.shared.os.",
      "AddressText Arch Dirents Endpoint Errno FileFlags FileStatus Native Syscall "
          + "SyscallFilter SyscallRule SystemCallException "
    },
    {"org.twoftpd.shared.policy.", "EveryProcess "},
    {
      "org.twoftpd.shared.wire.",
      "BodyReader BodyWriter Codec EndReason IncomingMessages Message MessageType "
          + "MessageType$Limits MessageType$Role ProtocolViolation SessionCodec "
          + "SessionCodec$1 SessionMessage SessionMessage$Assignment SessionMessage$Ended "
          + "SessionMessage$Ping SessionMessage$Pong SessionMessage$PortGranted "
          + "SessionMessage$PortRefused SessionMessage$PortRequest SessionMessage$Serving "
          + "SessionMessage$SpareReady SessionMessage$Unable SessionMessage$Unheard "
          + "SessionReport SessionReport$Change SessionReport$Deleted "
          + "SessionReport$DirectoryMade SessionReport$DirectoryRemoved "
          + "SessionReport$ForeignDataConnection SessionReport$ModeChanged "
          + "SessionReport$NoPassivePort SessionReport$Renamed SessionReport$ReplyLine "
          + "SessionReport$RequestLine SessionReport$Transferred "
    },
  };

  /** What a gate uses besides: it says what a session says, and does so before it knows which. */
  static final String[][] OF_GATE = {
    {
      "org.twoftpd.session.gate.",
      "Budget Budgets Client DialogueReport GateMain LoginDialogue LoginDialogue$1 LoginTable "
          + "Pace Poller Poller$Waiting "
    },
    {"org.twoftpd.shared.os.", "Source Source$Network "},
    {
      "org.twoftpd.shared.wire.",
      "GateCodec GateCodec$1 GateMessage GateMessage$AnonymousRequest "
          + "GateMessage$Connected GateMessage$HungUp GateMessage$LoginGranted "
          + "GateMessage$LoginRefused GateMessage$LoginRequest GateMessage$Options "
          + "GateMessage$Ping GateMessage$Pong GateMessage$Ready GateMessage$ReplyLine "
          + "GateMessage$RequestLine GateMessage$Setup Refusal "
    },
  };

  private Preload() {}

  /** Loads and initialises all that a session can come to use. */
  public static void everything() {
    load(CLASSES);
  }

  /**
   * The same for a gate. Which classes are in its archive depends on what happened while it was
   * made.
   */
  public static void everythingOfGate() {
    load(CLASSES);
    load(OF_GATE);
  }

  private static void load(String[][] rows) {
    ClassLoader loader = Preload.class.getClassLoader();
    try {
      for (String[] row : rows) {
        String names = row[1];
        int from = 0;
        for (int to = names.indexOf(' '); to >= 0; to = names.indexOf(' ', from)) {
          Class.forName(row[0].concat(names.substring(from, to)), true, loader);
          from = to + 1;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the program is not complete", e);
    }
  }
}
