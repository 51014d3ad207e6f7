#!/bin/sh
# Tries the kt that the PATH finds, on a system that the tests do not run on: what needs no broker, and, with the address of one, what people do first.
#
#   sh test/elsewhere/try.sh VERSION [BROKER]
#
# Plain sh: Alpine's and that of Git for Windows run it too.
set -eu

version=$1
broker=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  printf 'not ok %s\n' "$1" >&2
  exit 1
}

# Compares what was said ($2) with what was expected ($3).
same() {
  [ "$2" = "$3" ] || fail "$1: it is \"$2\", not \"$3\""
  echo "ok $1"
}

# Runs kt, and says how it ended.
code() {
  ended=0
  kt "$@" >"$work/stdout" 2>"$work/stderr" || ended=$?
  echo "$ended"
}

same 'kt --version' "$(kt --version)" "kt $version"
same 'kt --help' "$(kt --help | grep -c '^  topics')" 1
same 'help of a command' "$(kt topics create --help | grep -c '^USAGE')" 1
for shell in bash zsh fish powershell; do kt completion "$shell" >"$work/$shell"; done
same 'completions for bash, zsh, fish and PowerShell' "$(grep -l topics "$work"/* | wc -l | tr -d ' ')" 4
same 'kt --licenses' "$(kt --licenses | grep -c '^kt is under the Apache License')" 1
same 'an option that there is not ends with 2' "$(code topics list --nonsense)" 2
same 'no cluster at that address ends with 4' "$(code -b 127.0.0.1:1 --timeout 2s topics list)" 4

[ -n "$broker" ] || exit 0
export KT_BOOTSTRAP_SERVER="$broker"
topic=try-$$
kt topics create "$topic" --partitions 3 >"$work/created"
same 'kt topics list' "$(kt topics list -o name | grep -cx "$topic")" 1
for compression in none gzip snappy lz4 zstd; do
  printf 'k|%s\n' "$compression" | kt produce "$topic" -K '|' --compression "$compression" 2>"$work/produced"
done
read=$(kt tail "$topic" --from-beginning -e --key k -f '%k=%s\n' | tr '\n' ' ')
same 'records of every codec are written and read' "$read" 'k=none k=gzip k=snappy k=lz4 k=zstd '
printf '{"n":1}\n{"n":2}\n' | kt produce "$topic" 2>"$work/produced"
same 'kt tail --where' "$(kt tail "$topic" --from-beginning -e --where 'value.n === 2' -o value)" '{"n":2}'
same 'kt groups list' "$(code groups list)" 0

# Only on Linux does kt see that the reader of an idle pipe has gone.
if [ "$(uname -s)" = Linux ]; then
  { kt tail "$topic" --from-beginning -o value && echo 0 >"$work/ended" || echo $? >"$work/ended"; } 2>"$work/stderr" | head -n 1 >"$work/first" &
  tries=0
  until [ -s "$work/ended" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 60 ] || fail 'kt still runs, though nobody reads what it prints'
    sleep 1
  done
  same 'kt ends when nobody reads any more what it prints' "$(cat "$work/ended")" 0
fi

# On Windows there is no such signal.
case $(uname -s) in
  Linux | Darwin)
    kt tail "$topic" >"$work/stdout" 2>"$work/stderr" &
    tail=$!
    sleep 3
    kill -TERM "$tail"
    ended=0
    wait "$tail" || ended=$?
    same 'SIGTERM ends kt with 143' "$ended" 143
    ;;
esac
