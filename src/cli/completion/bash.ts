/** Definitions → the completion script for bash (3.2 and newer). */
import type { Command } from '../define.ts';
import { completables, connectionFlags, type Flag, globalFlags, wordsOf } from './model.ts';
import { valueFunctions } from './tables.ts';

function names(flags: readonly Flag[]): string {
  return flags.flatMap(({ short, long }) => (short ? [short, long] : [long])).join(' ');
}

/** The script: sourced by the shell, or put where bash-completion looks. */
export function bashScript(commands: readonly Command[]): string {
  const list = completables(commands);
  const words = wordsOf(list);
  const under = [...new Set(words.map((word) => word.under))];
  return `# bash completion for kt: source <(kt completion bash)

${valueFunctions(list)}

# The words that may follow the words of a command.
__kt_words() {
  case "$1" in
${under.map((noun) => `    '${noun}') value='words ${words.flatMap((word) => (word.under === noun ? [word.word] : [])).join(' ')}' ;;`).join('\n')}
    *) return 1 ;;
  esac
}

__kt_flags() {
  case "$1" in
${list.map(({ name, flags }) => `    '${name}') value='words ${names(flags)}' ;;`).join('\n')}
    *) value='words ${names(globalFlags)} --help --version' ;;
  esac
}

# Keeps the lines that begin with what was typed. Names are quoted: one may hold what the shell would run.
__kt_offer() {
  local word
  while IFS= read -r word; do
    [[ -n $word && $word == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$word")")
  done
}

__kt_offer_value() {
  case "$value" in
    'words '*) __kt_offer < <(printf '%s\\n' \${value#words }) ;;
    'live '*) __kt_offer < <("\${words[0]}" complete "\${connection[@]}" "\${value#live }" \${first:+"$first"} 2>/dev/null) ;;
    file) compopt -o default 2>/dev/null; COMPREPLY=() ;;
  esac
}

_kt() {
  local line=\${COMP_LINE:0:COMP_POINT} cur='' command='' value='' first='' word i last position=0
  local -a words connection
  connection=(-q)
  # Not COMP_WORDS: bash cuts those at colons and equal signs.
  read -ra words <<<"$line"
  last=\${#words[@]}
  if [[ $line != *[[:space:]] ]]; then
    last=$((last - 1))
    cur=\${words[last]}
  fi
  COMPREPLY=()
  for ((i = 1; i < last; i++)); do
    word=\${words[i]}
    if [[ $word == -* ]]; then
      __kt_flag_value "$command" "$word"
      [[ -z $value ]] && continue
      if ((i + 1 == last)); then
        __kt_offer_value
        return
      fi
      case "$word" in
        ${connectionFlags.join('|')}) connection+=("$word" "\${words[i + 1]}") ;;
      esac
      i=$((i + 1))
    elif __kt_words "$command" && [[ " \${value#words } " == *" $word "* ]]; then
      command=\${command:+$command }$word
    else
      [[ $position == 0 ]] && first=$word
      position=$((position + 1))
    fi
  done
  if [[ $cur == -* ]]; then __kt_flags "$command"
  elif ! __kt_words "$command"; then __kt_argument_value "$command" "$position"
  fi
  __kt_offer_value
  # bash replaces only what follows the last colon.
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local before=\${cur%"\${cur##*:}"}
    COMPREPLY=("\${COMPREPLY[@]#"$(printf '%q' "$before")"}")
  fi
}

complete -F _kt kt
`;
}
