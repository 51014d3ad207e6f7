#!/usr/bin/env bash
# Builds the rivals that are written in Go, each from the source of a release, into a folder of the cache where the benchmark looks for them.
# Says which could not be had, and why, and goes on. KT_RIVALS_SOURCES names a folder with clones (kcl, kaf, kafkactl) to be used instead of GitHub.
set -uo pipefail

rivals=(
  # name      repository               release  package
  'kcl        twmb/kcl                 v0.18.0  .'
  'kaf        birdayz/kaf              v0.2.14  ./cmd/kaf'
  'kafkactl   deviceinsight/kafkactl   v5.20.0  .'
)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/kt/rivals

for program in git go; do
  if ! command -v "$program" >/dev/null; then
    printf 'missing: %s, to build kcl, kaf and kafkactl\n  type:  install Go 1.26 or newer from https://go.dev/dl, and git\n' "$program" >&2
    exit 2
  fi
done
mkdir -p "$folder"
work=$(mktemp -d)
# Go writes its modules read-only, but those are in its own cache.
trap 'rm -rf "$work"' EXIT

build() { # name, repository, release, package
  local source="https://github.com/$2"
  if [ -n "${KT_RIVALS_SOURCES:-}" ]; then source="file://$KT_RIVALS_SOURCES/$1"; fi
  GIT_TERMINAL_PROMPT=0 git -c advice.detachedHead=false clone --quiet --depth 1 --branch "$3" "$source" "$work/$1" &&
    (cd "$work/$1" && go build -trimpath -o "$folder/$1.new" "$4") &&
    mv "$folder/$1.new" "$folder/$1" &&
    echo "$3" >"$folder/$1.version"
}

for each in "${rivals[@]}"; do
  read -r name repository release package <<<"$each"
  if [ -x "$folder/$name" ] && [ "$(cat "$folder/$name.version" 2>/dev/null)" = "$release" ]; then
    echo "$name $release: there already"
  elif build "$name" "$repository" "$release" "$package" >"$work/log" 2>&1; then
    echo "$name $release: built"
  else
    echo "$name $release: not to be had"
    tail -n 5 "$work/log" | sed 's/^/  /'
  fi
done
if command -v rpk >/dev/null; then
  echo 'rpk: the one on the PATH'
else
  echo "rpk: not to be had: it comes with Redpanda's releases, whose license (BSL) is no open one; it is run if the PATH has it"
fi
echo "in $folder"
