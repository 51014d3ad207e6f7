#!/usr/bin/env bash
# Makes docs/kt.svg, README's picture, from what kt prints on a terminal. Needs dist/kt, tmux and an empty cluster at KT_BOOTSTRAP_SERVER.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/dist:$PATH"

kt topics create signups --partitions 3 --retention 7d >/dev/null
printf '%s\n' 'ann|{"plan":"free","country":"NL"}' 'ben|{"plan":"premium","country":"DE"}' 'cid|{"plan":"free","country":"DE"}' |
  kt produce signups -K '|' -q
kt tail signups --group newsletter --commit --from-beginning -e -q >/dev/null
printf '%s\n' 'dee|{"plan":"premium","country":"NL"}' 'eve|{"plan":"free","country":"FR"}' | kt produce signups -K '|' -q

screen=$(mktemp -d)
trap 'tmux -S "$screen/tmux" kill-server 2>/dev/null || true; rm -rf "$screen"' EXIT
cat >"$screen/rc" <<'RC'
PS1='\[\e[32m\]$\[\e[0m\] '
RC
tmux -S "$screen/tmux" -f /dev/null new-session -d -x 92 -y 45 "bash --noprofile --rcfile $screen/rc"
for line in clear "kt tail signups --last 2 --where 'value.plan === \"premium\"'" 'kt lag newsletter --max-lag 0; echo "exit code $?"'; do
  tmux -S "$screen/tmux" send-keys "$line" Enter
  sleep 2
done
tmux -S "$screen/tmux" capture-pane -e -p | node scripts/picture.mjs >docs/kt.svg
