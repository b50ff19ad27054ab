/*
 * Trusted to load every class before the jail closes: afterwards the process has no jar to load a class from.
 */
package org.twoftpd.session.confine;

/**
 * Loads every class that a session or a gate can use. A test compares the lists with the classes
 * that the build has made.
 */
public final class Preload {
  /** Each row holds a package and the names of its classes, each followed by a space. */
  static final String[][] SESSION_CLASSES = {
    {"org.twoftpd.session.", "Main$1 "},
    {
      "org.twoftpd.session.command.",
      "Command Command$Handler Command$Takes CommandTable Conversation Conversation$1 "
          + "DataTransfer DataTransfer$1 DataTransfer$Finish DataTransfer$Work HostPort "
          + "Information Listings Modification MonitorLink Navigation "
          + "Parameters Protection ProtectionCommands RequestText Retrieval Site Storage "
          + "Storage$Opening Tables Tables$1 UploadTarget "
    },
    {
      "org.twoftpd.session.confine.",
      "Confinement Confinement$Failed Descriptors KernelFilter KernelFilter$1 ThreadCheck "
    },
    {
      "org.twoftpd.session.control.",
      "CommandLine CommandReader ConnectionEnded ControlConnection ControlConnection$ReplyWatcher"
          + " KeepAlive KeptCommands ParsedReplies PollReadiness Readiness TimeLimits "
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
          + "SessionMessage$SessionLine "
          + "SessionMessage$SpareReady SessionMessage$Unable SessionMessage$Unheard "
          + "SessionReport SessionReport$Change SessionReport$Deleted "
          + "SessionReport$DirectoryMade SessionReport$DirectoryRemoved "
          + "SessionReport$ForeignDataConnection SessionReport$ModeChanged "
          + "SessionReport$NoPassivePort SessionReport$Renamed SessionReport$ReplyLine "
          + "SessionReport$RequestLine SessionReport$Transferred "
    },
  };

  /**
   * A gate loads these classes as well as a session's, since it writes the same replies and uses
   * the same tables.
   */
  static final String[][] GATE_CLASSES = {
    {
      "org.twoftpd.session.gate.",
      "Budget Budgets Client ClientTls DialogueReport GateMain GateTls GateTls$Offer Goodbye"
          + " Goodbye$1 LoginDialogue LoginTable OtherProtocols Pace Poller Poller$Waiter"
          + " SigningDesk SigningDesk$Asked Turns "
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

  /** What a gate uses besides that speaks TLS. */
  static final String[][] TLS_CLASSES = {
    {
      "org.twoftpd.session.tls.",
      "BufferPool ControlRelay DataRelay Handshake Handshake$1 HandshakeWatcher KeyHolder NetBuffer"
          + " Records Relay Relay$1 RemoteKey RemoteKey$OfRsa RemoteSignature"
          + " RemoteSignature$Remote RemoteSignature$SignatureService ServerKeys SessionLine"
          + " SessionLine$Heard SessionVerdict SessionVerdict$1 SessionVerdict$Aborted TlsClient"
          + " TlsConnection TlsControl TlsFailed TlsTerms TlsTerms$1 Warmth Warmth$1 Warmth$Anybody"
          + " Warmth$Other "
    },
    {"org.twoftpd.shared.config.", "ClientCertificates TlsMode TlsReuse "},
    {"org.twoftpd.shared.tls.", "SignatureScheme SignatureScheme$Version "},
    {
      "org.twoftpd.shared.wire.",
      "TlsMessage TlsMessage$DataHandshake TlsMessage$DataProtection TlsMessage$RelayControl"
          + " TlsMessage$RelayLine TlsMessage$SignRequest TlsMessage$Signed TlsMessage$TlsFailed"
          + " TlsMessage$TlsStarted TlsMessage$TlsTerms TlsCodec TlsCodec$1 "
    },
  };

  private Preload() {}

  /** Loads and initialises every class that a session can use. */
  public static void loadSessionClasses() {
    load(SESSION_CLASSES);
  }

  /**
   * Loads and initialises every class that a gate can use. The archive of loaded classes may lack
   * some of them, since it holds what happened to be used while it was made.
   */
  public static void loadGateClasses() {
    load(SESSION_CLASSES);
    load(GATE_CLASSES);
  }

  /** What a gate needs besides to speak TLS; what JSSE needs is loaded by using it. */
  public static void loadTlsClasses() {
    load(TLS_CLASSES);
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
