# Sourced by the scripts of test/: installs what is missing, builds, and lays the program out as the packages do.
# Sets $top (the checkout), $JAVA_HOME (a JDK 25) and $layout (where the built program lies).
# Nothing is done twice without need: only missing packages are installed, and nothing is built when no source is newer than
# the stamp of the last build.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
say() { echo "== $*" >&2; }
die() { echo "$(basename "$0"): $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || die "must be run as root: it starts processes under other accounts"

# The monitor runs without the capability to override file permissions, so every directory on the way to the program must let
# it through.  A checkout in somebody's home might not.
layout=/var/lib/twoftpd-test/$(printf %s "$top" | cksum | cut -d' ' -f1)

# install_packages PACKAGE...: installs those that are missing.
install_packages() {
  local missing=() p
  for p; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p"); done
  [ ${#missing[@]} = 0 ] && return
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # A server among them must not start by itself; tests start what they need.
  local policy=/usr/sbin/policy-rc.d made=
  [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; made=1; }
  { apt-get -qq install -y --no-install-recommends "${missing[@]}" ||
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends "${missing[@]}"; }; } </dev/null >/dev/null 2>&1
  local rc=$?
  [ -n "$made" ] && rm -f $policy
  [ $rc = 0 ] || die "cannot install ${missing[*]}; try: apt-get update && apt-get install ${missing[*]}"
}

# install_available PACKAGE...: installs those that the distribution has, and says which it does not have.
install_available() {
  local have=() asked= p
  for p; do
    if dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed'; then continue; fi
    # A fresh machine may have no lists of packages yet.
    [ -n "$(apt-cache show "$p" 2>/dev/null)" ] || [ -n "$asked" ] || { asked=1; apt-get -qq update >/dev/null 2>&1; }
    if [ -n "$(apt-cache show "$p" 2>/dev/null)" ]; then have+=("$p"); else say "this distribution has no package $p"; fi
  done
  [ ${#have[@]} = 0 ] || install_packages "${have[@]}"
}

# install_node_package NAME@VERSION: installs it for node.js and sets NODE_PATH; says so when it cannot be had.
install_node_package() {
  export NODE_PATH=$layout/node/node_modules
  command -v npm >/dev/null || { say "no npm on this machine: $1 is not tried"; return; }
  mkdir -p "$layout/node"
  npm install --prefix "$layout/node" --no-save --no-audit --no-fund --ignore-scripts --silent "$1" </dev/null >/dev/null 2>&1 ||
    say "npm cannot install $1: it is not tried"
}

find_jdk() {
  local d
  for d in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [ -x "$d/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$d/release" 2>/dev/null && { JAVA_HOME=$d; export JAVA_HOME; return 0; }
  done
  return 1
}

tools() {
  find_jdk || { install_packages openjdk-25-jdk-headless && find_jdk; } ||
    die "no JDK 25 under /usr/lib/jvm; Debian 13 has the package openjdk-25-jdk-headless"
  install_packages maven gcc libc6-dev binutils
}

# build: builds the jars and the native library, and lays the program out, when a source has changed.
build() {
  local stamp=$layout/built
  mkdir -p "$layout"; chmod 755 /var/lib/twoftpd-test "$layout"
  if [ -e "$stamp" ] && [ -d "$layout/home/jars" ] && [ -z "$(find "$top"/pom.xml "$top"/{shared,session,monitor}/{pom.xml,src/main} \
      "$top"/{session,monitor}/src/rehearsal "$top/shared/src/package" "$top/test/lib/build.sh" -newer "$stamp" -print -quit)" ]; then
    return
  fi
  say "building (mvn package)"
  touch "$stamp.new"
  (cd "$top" && mvn -q -B -DskipTests -pl shared,session,monitor package dependency:copy-dependencies \
    -DincludeScope=runtime -Dmdep.stripVersion=true) >"$layout/build.log" 2>&1 ||
    { cat "$layout/build.log" >&2; die "the build failed; its whole output is in $layout/build.log"; }
  lay_out
  say "training the archives of classes"
  "$top/shared/src/package/archives" "$layout/home" "$layout/home" "$JAVA_HOME" "$layout/archives" >"$layout/train.log" 2>&1 ||
    { cat "$layout/train.log" >&2; die "no archives could be made"; }
  cp "$layout/archives/session.absolute" "$layout/session.args"
  # Of every run of this build.
  "$layout/home/runtime/bin/java" "@$layout/home/monitor.args" --make-certificate "$layout/tls/self-signed.pem" \
    --names localhost,127.0.0.1,::1 >"$layout/certificate.log" 2>&1 ||
    { cat "$layout/certificate.log" >&2; die "no certificate could be made"; }
  mv "$stamp.new" "$stamp"
}

# The tree that org.twoftpd.monitor.process.ChildCommands describes.
lay_out() {
  local home=$layout/home m
  rm -rf "$home"; mkdir -p "$home"/{jars,native,cache}
  "$top/shared/src/package/runtime" "$JAVA_HOME" "$home/runtime" || die "the run-time image could not be made"
  for m in shared session monitor; do cp "$top/$m/target/twoftpd-$m-"[0-9]*.jar "$home/jars/twoftpd-$m.jar"; done
  find "$top"/monitor/target/dependency -name '*.jar' ! -name 'twoftpd-*' -exec cp {} "$home/jars/" \;
  cp "$top/shared/target/native/libtwoftpd.so" "$home/native/"
  local machine; machine=$(uname -m)
  unpack junixsocket-native-common.jar "lib/${machine/x86_64/amd64}-Linux-clang/jni/libjunixsocket-native-*[0-9].so" libjunixsocket.so
  unpack jffi-native.jar "jni/$machine-Linux/libjffi-*.so" libjffi-1.2.so
  chmod -R u=rwX,go=rX "$home"
}

# unpack JAR PATTERN NAME: takes one native library out of a jar, so that no process unpacks it into a temporary directory.
unpack() {
  local d; d=$(mktemp -d)
  (cd "$d" && "$JAVA_HOME/bin/jar" xf "$layout/home/jars/$1")
  local found; found=$(find "$d" -path "$d/$2" | head -n 1)
  [ -n "$found" ] || die "$1 has no $2"
  cp "$found" "$layout/home/native/$3"; rm -rf "$d"
}
