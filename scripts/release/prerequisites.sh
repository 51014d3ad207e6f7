#!/usr/bin/env bash
# Checks that this machine has what a release is built with and, with --tests, what its tests need; prints the line to type for what is missing.
# As root on a Debian-like system it installs the distribution's packages itself.
set -euo pipefail

# Programs, each with Debian's package where that has another name.
needed='tar gzip zip dpkg-deb:dpkg rpm2cpio cpio git'
if [ "${1:-}" = --tests ]; then needed="$needed dpkg rpm ruby shellcheck makepkg man:man-db curl wget unzip python3"; fi

packages=
for each in $needed; do
  command -v "${each%:*}" >/dev/null || packages="$packages ${each#*:}"
done
if [ -n "$packages" ]; then
  line="apt-get install -y$packages"
  if [ ! -e /etc/debian_version ] || [ "$(id -u)" != 0 ]; then
    printf 'missing: what a release is made with\n  type:  sudo %s\n' "$line" >&2
    exit 2
  fi
  echo "installing$packages" >&2
  apt-get update -qq >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null
fi

# Older ones than the module asks for fetch a newer one themselves, from 1.21 on.
if ! command -v go >/dev/null; then
  printf 'missing: Go, which nFPM is built with\n  type:  install Go 1.25 or newer from https://go.dev/dl\n' >&2
  exit 2
fi
