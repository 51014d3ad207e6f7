# What the examples share; sourced by each. Finds kt, and gives every run topics and groups of its own, so that it can be run again.
here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
if ! command -v kt >/dev/null; then
  PATH=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/dist:$PATH
fi
command -v kt >/dev/null || { echo 'no kt here: put it on your PATH, or type  npm ci && npm run build' >&2; exit 2; }

# Topics of one run end with the same number: `kt topics delete '*-NUMBER'` removes them.
run=${RUN:-$(date +%s)}
work=$(mktemp -d)
export TMPDIR=$work
at_end=() # functions that end what an example has started
finish() {
  local jobs each
  jobs=$(jobs -p)
  if [ -n "$jobs" ]; then
    kill $jobs 2>/dev/null || true
    wait 2>/dev/null || true
  fi
  for each in "${at_end[@]}"; do "$each" || true; done
  rm -rf "$work"
}
trap finish EXIT

# Explanations and commands go to stderr, as kt's own notes do: stdout is for data.
say() { printf '\n%s\n' "$*" >&2; }

# Shows a command as it can be typed, then runs it.
show() {
  local word shown='$'
  for word in "$@"; do
    case "$word" in
      *[!A-Za-z0-9_./:=,@%+-]* | '') shown+=" '$word'" ;;
      *) shown+=" $word" ;;
    esac
  done
  echo "$shown" >&2
  "$@"
}

# Waits until a command succeeds.
until_done() {
  local tries=0
  until "$@"; do
    [ $((tries += 1)) -lt 600 ] || { echo "waited too long for: $*" >&2; return 1; }
    sleep 0.2
  done
}

# Orders number FROM to TO, one a second of record time, as JSON lines for `kt produce -i json`. The key is the user; the same numbers give the same orders.
orders() {
  awk -v from="$1" -v to="$2" 'BEGIN {
    split("books games garden music toys", categories, " ")
    for (id = from; id <= to; id++) {
      user = (id * 7919) % 20
      total = (id * 104729 % 4000) / 4
      value = sprintf("{\\\"id\\\":%d,\\\"user\\\":\\\"user-%d\\\",\\\"category\\\":\\\"%s\\\",\\\"total\\\":%.2f}", id, user, categories[id * 31 % 5 + 1], total)
      printf "{\"key\":\"user-%d\",\"timestamp\":%.0f,\"value\":\"%s\"}\n", user, 1790000040000 + id * 1000, value
    }
  }'
}
