#!/bin/sh
# Installs kt below a prefix: the program, man pages, completions and licences. Nothing is installed whose SHA-256 is not the one of the release.
#
#   curl -fsSL https://github.com/kafka-kt/kt/releases/latest/download/install.sh | sh
#   sh install.sh --help
set -eu

releases=https://github.com/kafka-kt/kt/releases

usage() {
  cat <<END
Installs kt, the command-line tool for Apache Kafka, or removes it again.

  sh install.sh [--version VERSION] [--prefix DIR] [--mirror URL]
  sh install.sh --uninstall [--prefix DIR]

  --version VERSION  such as 0.1.0 (default: the newest release)
  --prefix DIR       gets bin/kt and share/ (default: ~/.local)
  --mirror URL       has the files of a release as $releases does
  --uninstall        removes what an earlier run installed below the prefix

Who built a downloaded file: gh attestation verify FILE --repo ${releases#https://github.com/}
END
}

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '  %s\n' "$2" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Prints the platform of this machine as it is in the names of files.
platform() {
  machine=$(uname -m)
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=macos ;;
    MINGW* | MSYS* | CYGWIN*) system=windows ;;
    *) system=$(uname -s) ;;
  esac
  case $machine in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
  esac
  libc=
  # musl's ldd says so, on stderr.
  if [ "$system" = linux ] && has ldd && ldd --version 2>&1 | grep -qi musl; then libc=-musl; fi
  case $system-$machine$libc in
    linux-x64 | linux-arm64 | linux-x64-musl | macos-arm64 | macos-x64 | windows-x64) echo "$system-$machine$libc" ;;
    *) fail "there is no kt for $system-$machine$libc" 'With Node.js 20.19 or newer it runs as a package: npm install -g kafka-kt' ;;
  esac
}

# Downloads a URL ($1) to a file ($2).
download() {
  if has curl; then
    case $1 in
      https://*) curl -fsSL --proto '=https' --retry 3 -o "$2" "$1" ;;
      *) curl -fsSL --retry 3 -o "$2" "$1" ;;
    esac
  elif has wget; then
    wget -q -O "$2" "$1"
  else
    fail 'neither curl nor wget is installed'
  fi || fail "$1 cannot be downloaded" 'Is there such a version, and does this machine reach that server? --mirror names another.'
}

# Prints the SHA-256 of a file.
sha256() {
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 -r "$1" | cut -d ' ' -f 1
  else
    fail 'nothing here computes SHA-256' 'sha256sum, shasum or openssl is needed: nothing is installed unchecked.'
  fi
}

# Downloads the release's archive for a platform ($1) into the work folder, checks it there and unpacks it.
fetch() {
  case $1 in
    windows-*) archive=kt-$1.zip ;;
    *) archive=kt-$1.tar.gz ;;
  esac
  if [ "$version" = latest ]; then from=$mirror/latest/download; else from=$mirror/download/v${version#v}; fi
  echo "Downloading $from/$archive"
  download "$from/SHA256SUMS" "$work/SHA256SUMS"
  wanted=$(awk -v name="$archive" '$2 == name { print $1 }' "$work/SHA256SUMS")
  [ -n "$wanted" ] || fail "$from/SHA256SUMS does not name $archive"
  download "$from/$archive" "$work/$archive"
  found=$(sha256 "$work/$archive")
  [ "$found" = "$wanted" ] || fail "$archive is not the file of the release: its SHA-256 is $found, and SHA256SUMS has $wanted" 'Nothing was installed.'
  case $archive in
    *.zip) unzip -q "$work/$archive" -d "$work" ;;
    *) tar -xzf "$work/$archive" -C "$work" ;;
  esac
}

# Copies the unpacked files ($1) below the prefix, each of them whole or not at all, and keeps a list of them for --uninstall.
copy() {
  # The program comes last, when all that belongs to it is there.
  (cd "$1" && find share bin -type f) >"$work/installed"
  echo "$list" >>"$work/installed"
  mkdir -p "$1/share/kt"
  cp "$work/installed" "$1/$list"
  while IFS= read -r file; do
    mkdir -p "$prefix/$(dirname "$file")"
    cp -p "$1/$file" "$prefix/$file.new.$$"
    mv -f "$prefix/$file.new.$$" "$prefix/$file"
  done <"$work/installed"
}

# Removes the files that a list ($1) names.
remove() {
  while IFS= read -r file; do
    rm -f "$prefix/$file"
    # What is then empty goes too.
    (cd "$prefix" && rmdir -p "$(dirname "$file")" 2>/dev/null) || :
  done <"$1"
}

uninstall() {
  [ -f "$prefix/$list" ] || fail "no kt was installed below $prefix by this script" 'Name another folder with --prefix.'
  cp "$prefix/$list" "$work/installed"
  remove "$work/installed"
  echo "kt is removed from $prefix"
}

install() {
  name=$(platform)
  fetch "$name"
  unpacked=$work/kt-$name
  program=kt
  case $name in windows-*) program=kt.exe ;; esac
  said=$("$unpacked/bin/$program" --version 2>&1) || case $name in
    *-musl) fail "kt does not start: $said" 'It needs the C++ library: apk add libstdc++' ;;
    *) fail "kt does not start: $said" ;;
  esac
  if [ -f "$prefix/$list" ]; then cp "$prefix/$list" "$work/previous"; else : >"$work/previous"; fi
  copy "$unpacked"
  grep -vxFf "$work/installed" "$work/previous" >"$work/gone" || :
  remove "$work/gone"
  echo "$said is installed: $prefix/bin/$program"
  first=$(command -v kt || :)
  if [ -z "$first" ]; then
    echo "Put it on your PATH: export PATH=\"$prefix/bin:\$PATH\""
  elif [ "$first" != "$prefix/bin/kt" ]; then
    echo "Your PATH finds another kt first: $first"
  fi
}

main() {
  version=latest
  mirror=$releases
  prefix=
  action=install
  list=share/kt/installed
  while [ $# -gt 0 ]; do
    case $1 in
      --version | --prefix | --mirror)
        [ $# -gt 1 ] || fail "$1 needs a value" 'See --help.'
        case $1 in
          --version) version=$2 ;;
          --prefix) prefix=$2 ;;
          --mirror) mirror=${2%/} ;;
        esac
        shift 2
        ;;
      --uninstall)
        action=uninstall
        shift
        ;;
      --help | -h)
        usage
        return
        ;;
      *) fail "unknown argument $1" 'See --help.' ;;
    esac
  done
  if [ -z "$prefix" ]; then prefix=${HOME:?}/.local; fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  $action
}

# The last line: of a script that was cut off on the way, nothing runs.
main "$@"
