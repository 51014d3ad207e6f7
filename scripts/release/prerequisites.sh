#!/usr/bin/env bash
# Checks that this machine has what a release is built with and, with --tests, what its tests need; prints the line to type for what is missing.
# As root on a Debian-like system it installs the distribution's packages itself.
set -euo pipefail

programs='tar gzip zip dpkg-deb rpm2cpio cpio git'
packages='tar gzip zip dpkg rpm cpio git'
if [ "${1:-}" = --tests ]; then
  programs="$programs dpkg rpm ruby shellcheck man curl wget unzip"
  packages="$packages ruby shellcheck man-db curl wget unzip"
fi

missing=
for program in $programs; do
  command -v "$program" >/dev/null || missing="$missing $program"
done
if [ -n "$missing" ]; then
  line="apt-get install -y $packages"
  if [ ! -e /etc/debian_version ] || [ "$(id -u)" != 0 ]; then
    printf 'missing:%s\n  type:  sudo %s\n' "$missing" "$line" >&2
    exit 2
  fi
  echo "missing:$missing; installing $packages" >&2
  apt-get update -qq >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >&2
fi

# Older ones than the module asks for fetch a newer one themselves, from 1.21 on.
if ! command -v go >/dev/null; then
  printf 'missing: Go, which nFPM is built with\n  type:  install Go 1.25 or newer from https://go.dev/dl\n' >&2
  exit 2
fi
