#!/usr/bin/env bash
# kt's main job on a real Kafka, from a fresh clone: every kt command is shown before it runs. Run it again as often as you like.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/prerequisites.sh
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund
fi
npm run --silent build

# Only the cluster started here must be used: settings for the caller's own clusters are removed.
unset KT_PROFILE KT_COMMAND_CONFIG KT_ADDRESS_MAP KT_OUTPUT KT_BOOTSTRAP_SERVER
kt=dist/kt

# Shows a command as it can be typed again, then runs it.
run() {
  local word shown='kt'
  for word in "$@"; do
    case "$word" in
      *[!A-Za-z0-9_./:=,@%+-]* | '') shown+=" '$word'" ;;
      *) shown+=" $word" ;;
    esac
  done
  printf '\n$ %s\n' "$shown" >&2
  "$kt" "$@"
}

# user.signup events FROM to TO as KEY|VALUE lines, keyed by user_id; every fourth has the plan premium.
signups() {
  local user plan
  for user in $(seq "$1" "$2"); do
    plan=free
    if [ $((user % 4)) = 0 ]; then plan=premium; fi
    printf 'user-%03d|{"event":"user.signup","user_id":"user-%03d","plan":"%s"}\n' "$user" "$user" "$plan"
  done
}

# The first and the last two lines.
ends() { awk 'NR <= 2 { print; next } { before = last; last = $0 } END { if (NR > 4) print "..."; if (NR > 3) print before; if (NR > 2) print last }'; }

printf '\nIn what follows kt is %s:  alias kt=%q\n' "$kt" "$PWD/$kt"

run local up
KT_BOOTSTRAP_SERVER=$("$kt" local status -o name)
export KT_BOOTSTRAP_SERVER

run topics create user-events --partitions 3 --retention 7d --retention-bytes 1GiB --if-not-exists
run topics describe user-events

signups 1 100 >dist/signups.txt
run produce user-events --file dist/signups.txt -K '|' --acks all --compression snappy --report | ends

run tail user-events --from-beginning -n 5
run tail user-events --group billing --commit --from-beginning -e | ends
run lag billing

echo
echo 'A check for CI, which holds:'
run lag billing --max-lag 0
echo "exit code $?"

echo
echo 'Ten more events that nobody has read yet, and a check that does not hold:'
signups 101 110 >dist/more-signups.txt
run produce user-events --file dist/more-signups.txt -K '|'
code=0
run lag billing --max-lag 3 || code=$?
echo "exit code $code"
[ "$code" = 1 ] || { echo 'expected exit code 1' >&2; exit 1; }

printf '\nThe cluster stays up on %s. To stop it: %s local down (its data is kept; --purge drops it)\n' "$KT_BOOTSTRAP_SERVER" "$kt"
