# Sourced, after build.sh, by what wants the packages built: test/packages/run and test/vm/run.

# Where test/packages/run keeps the Debian package that it has built last.
kept_packages=$layout/packages

# copy_sources DIRECTORY: puts a copy of the checkout there, without what was built in it.  Packages are built in a copy,
# so that whoever builds or tests in the checkout meanwhile is not disturbed.
copy_sources() {
  mkdir -p "$1"
  tar -C "$top" --exclude=target --exclude=./.git -cf - . | tar -C "$1" -xf -
}

# build_packages SOURCES LOG [MODULE...]: builds the packages, or the modules that are named beside the program's own, in
# that copy of the sources.  Tests are neither compiled nor run, and the format is not checked: a build of the checkout does
# that.
build_packages() {
  local sources=$1 log=$2 modules; shift 2
  [ $# -gt 0 ] || set -- debian rpm
  modules=$(IFS=,; echo "shared,session,monitor,$*")
  (cd "$sources" && mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true -Ppackages -pl "$modules" package) >"$log" 2>&1
}

# recent_deb: prints the path of the Debian package that was built last; status 1 when there is none, or a source is newer.
recent_deb() {
  local deb; deb=$(ls "$kept_packages"/twoftpd_*.deb 2>/dev/null | head -n 1)
  [ -n "$deb" ] && [ -z "$(find "$top"/pom.xml "$top"/{shared,session,monitor}/{pom.xml,src/main} "$top"/{session,monitor}/src/rehearsal \
    "$top/shared/src/package" "$top"/{systemd,selinux} "$top"/debian/{pom.xml,control} -newer "$deb" -print -quit)" ] && echo "$deb"
}

# keep_deb FILE BUILD-BEGAN: keeps the package for test/vm/run, with the age of the second file.  That was made before the
# sources were copied, so a source that has changed since then makes the package out of date.
keep_deb() {
  rm -rf "$kept_packages"; mkdir -p "$kept_packages"
  cp "$1" "$kept_packages/" && touch -r "$2" "$kept_packages/$(basename "$1")"
}
