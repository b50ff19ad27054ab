/*
 * What the kernel must answer to each attack of attack.c, role by role: the table that a change of a filter changes.
 */
package org.twoftpd.test.confinement;

import java.util.List;
import java.util.Map;

/** Every attack that is not named here must be answered with EPERM. Answers are negative errors. */
final class AttackAnswers {
  static final int EPERM = -1;
  static final int ENOENT = -2;
  static final int EBADF = -9;
  static final int EACCES = -13;
  static final int EEXIST = -17;
  static final int ENOSYS = -38;
  static final int ENOTSOCK = -88;
  static final int EAFNOSUPPORT = -97;

  /**
   * What some role may do, or what the kernel refuses it in another way than by its filter. Each
   * row has the answers for gate, xfer, anon and drop, and for xfer over TLS, where they are those
   * of xfer unless there is a fifth; 0 is success.
   */
  static final Map<String, int[]> ROLES =
      Map.ofEntries(
          // These take their flags in memory, where no filter sees them: the kernel seems to lack
          // the call.
          row("fork_by_clone3", ENOSYS, ENOSYS, ENOSYS, ENOSYS),
          row("fork_user_namespace_by_clone3", ENOSYS, ENOSYS, ENOSYS, ENOSYS),
          row("open_tree_attributes", ENOSYS, ENOSYS, ENOSYS, ENOSYS),
          row("open_by_memory", ENOSYS, ENOSYS, ENOSYS, ENOSYS),
          // The process has no descriptor of the listening socket.
          row("listening_socket", EPERM, ENOENT, ENOENT, ENOENT),
          // A session may set SO_LINGER, with which it cuts a transfer off; this descriptor is no
          // socket.
          row("make_linger", EPERM, ENOTSOCK, ENOTSOCK, ENOTSOCK),
          // Data connections. Their addresses lie in memory, where no filter sees them.
          row("socket_tcp", EPERM, 0, 0, 0),
          row("socket_tcp6", EPERM, 0, 0, 0),
          row("connect_elsewhere", EPERM, 0, 0, 0),
          // Over TLS a session hands each data connection to the gate, and nothing to anybody else.
          row("socket_pair_for_data", EPERM, EPERM, EPERM, EPERM, 0),
          row("pass_to_gate", EPERM, EPERM, EPERM, EPERM, 0),
          // The gate says that nothing more comes, behind what a client over TLS has got.
          row("end_sending", 0, EPERM, EPERM, EPERM),
          // It looks whether what a session hands over could make it wait.
          row("look_at_flags", 0, EPERM, EPERM, EPERM),
          // Looking.
          row("look_up", EPERM, 0, 0, 0),
          row("status", EPERM, 0, 0, 0),
          row("read_file", EPERM, 0, 0, EPERM),
          row("open_directory", EPERM, 0, 0, 0),
          row("list", EPERM, 0, 0, EPERM),
          // The host's files do not exist in a session's directory, and drop reads no file at all.
          row("read_host", EPERM, ENOENT, ENOENT, EPERM),
          row("read_host_up", EPERM, ENOENT, ENOENT, EPERM),
          row("read_key", EPERM, ENOENT, ENOENT, EPERM),
          // Making.
          row("create", EPERM, 0, EPERM, 0),
          row("truncate_to_nothing", EPERM, 0, EPERM, 0),
          row("truncate_longer", EPERM, 0, EPERM, EPERM),
          // Uploads go from a data connection into a file; the descriptor tried is neither.
          row("splice_", EPERM, EBADF, EPERM, EBADF),
          row("read_back", EPERM, EBADF, EPERM, EBADF),
          row("make_link", EPERM, 0, EPERM, 0),
          row("rename_new", EPERM, 0, EPERM, 0),
          // Changing.
          row("write_file", EPERM, 0, EPERM, EPERM),
          row("append_file", EPERM, 0, EPERM, EPERM),
          row("create_or_open", EPERM, 0, EPERM, EPERM),
          row("change_mode", EPERM, 0, EPERM, EPERM),
          row("change_time", EPERM, 0, EPERM, EPERM),
          row("make_directory", EPERM, 0, EPERM, EPERM),
          row("rename_over", EPERM, 0, EPERM, EPERM),
          row("rename_at", EPERM, 0, EPERM, EPERM),
          row("remove_file", EPERM, 0, EPERM, EPERM),
          row("remove_directory", EPERM, 0, EPERM, EPERM));

  /** The same for twoftpd-cvm, which reads the files of accounts. */
  static final Map<String, Integer> OF_CVM =
      Map.ofEntries(
          Map.entry("fork_by_clone3", ENOSYS),
          Map.entry("fork_user_namespace_by_clone3", ENOSYS),
          Map.entry("open_tree_attributes", ENOSYS),
          Map.entry("open_by_memory", ENOSYS),
          Map.entry("listening_socket", ENOENT),
          Map.entry("look_up", 0),
          Map.entry("status", 0),
          Map.entry("read_file", 0),
          Map.entry("read_host", 0),
          Map.entry("read_host_up", 0),
          Map.entry("read_key", EACCES),
          Map.entry("open_directory", 0));

  /** The same for the monitor; after EAFNOSUPPORT libraries of modules do without such a socket. */
  static final Map<String, Integer> OF_MONITOR =
      Map.ofEntries(
          Map.entry("fork_by_clone3", ENOSYS),
          Map.entry("fork_user_namespace_by_clone3", ENOSYS),
          Map.entry("open_tree_attributes", ENOSYS),
          Map.entry("socket_netlink", EAFNOSUPPORT),
          Map.entry("socket_packet", EAFNOSUPPORT),
          Map.entry("socket_raw", EAFNOSUPPORT),
          Map.entry("socket_ping", EAFNOSUPPORT),
          Map.entry("socket_mptcp", EAFNOSUPPORT),
          Map.entry("socket_sctp", EAFNOSUPPORT),
          Map.entry("socket_algorithm", EAFNOSUPPORT),
          Map.entry("socket_vsock", EAFNOSUPPORT),
          Map.entry("socket_xdp", EAFNOSUPPORT));

  /**
   * What the monitor, or a module that it starts, does as root with five capabilities: start
   * programs, change ids, use sockets and files. These are not tried; some would end the attacks.
   */
  static final String THE_MONITORS_TO_DO =
      "exec,exec_at,exec_descriptor,fork_by_clone,fork_with_memory,fork_old,process_descriptor,"
          + "signal_descriptor,signal_other,signal_all,signal_thread,signal_group_thread,"
          + "limit_self,priority,become_root,become_root_all,become_root_effective,"
          + "become_root_group,become_root_groups,become_root_files,capabilities,dumpable,"
          + "another_filter,chroot_out,socket_unix,socket_udp,socket_pair,socket_tcp,socket_tcp6,"
          + "socket_filter,socket_protocol,peer_name,connect_elsewhere,listening_socket,"
          + "make_blocking,make_blocking_by_ioctl,make_linger,make_small,make_slow,"
          + "make_signalling,lock_all,lock_range,end_both_ways,end_receiving,end_sending,"
          + "socket_pair_for_data,socket_pair_of_packets,pass_to_gate,pass_to_monitor,"
          + "pass_by_another,pass_otherwise,pass_connecting,look_at_flags,look_at_owner,"
          + "read_file,read_host,read_host_up,read_key,read_write,read_truncating,read_creating,look_up,"
          + "status,open_directory,list,write_file,append_file,create,create_or_open,"
          + "create_readable,create_set_user_id,create_nameless,truncate_longer,"
          + "truncate_to_nothing,read_back,open_by_memory,change_mode,change_mode_set_user_id,"
          + "change_time,change_owner,make_directory,make_symlink,make_link,make_link_following,"
          + "rename_exchanging,rename_new,rename_over,rename_at,remove_file,remove_directory,"
          + "copy_range,splice_,splice_into_place,splice_from_place,open_old,create_old,"
          + "unlink_old,rename_old,mkdir_old,chmod_old,truncate_old";

  static final List<String> ORDER = List.of("gate", "XFER", "ANON", "DROP", "TLS");

  private static Map.Entry<String, int[]> row(String attack, int gate, int x, int a, int d) {
    return row(attack, gate, x, a, d, x);
  }

  private static Map.Entry<String, int[]> row(
      String attack, int gate, int x, int a, int d, int overTls) {
    return Map.entry(attack, new int[] {gate, x, a, d, overTls});
  }

  private AttackAnswers() {}
}
