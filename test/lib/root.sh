# Sourced, after build.sh, by what wants a clean Debian of its own: test/packages/run and test/vm/image.

# clean_root DIRECTORY: puts a copy there of a minimal Debian of this machine's release, which is made once, in
# /var/lib/twoftpd-test/roots, and kept.  Status 1, with the reason on standard output, when it cannot be made.
clean_root() {
  local suite clean mirror log
  suite=$(. /etc/os-release; echo "$VERSION_CODENAME")
  clean=/var/lib/twoftpd-test/roots/$suite
  if [ ! -e "$clean/etc/debian_version" ] || [ ! -x "$clean/usr/bin/curl" ]; then
    install_packages debootstrap
    say "making a clean Debian in $clean (debootstrap)"
    rm -rf --one-file-system "$clean"; mkdir -p "${clean%/*}"
    log=$(mktemp)
    mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
    if ! debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,procps,curl,iproute2,init-system-helpers "$suite" "$clean.new" \
      ${mirror:+"$mirror"} >"$log" 2>&1 || ! mv "$clean.new" "$clean"; then
      tail -n 20 "$log"; rm -f "$log"
      return 1
    fi
    rm -f "$log"
  fi
  cp -a --reflink=auto "$clean" "$1"
}
