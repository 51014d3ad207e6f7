/** Definitions → the completion script for zsh. */
import type { Command } from '../define.ts';
import { completables, connectionFlags, type Flag, globalFlags, wordsOf } from './model.ts';
import { valueFunctions } from './tables.ts';

/** In single quotes; `_describe` splits at colons. */
function entry(name: string, description: string): string {
  const quoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:').replaceAll("'", "'\\''");
  return `'${quoted(name)}:${quoted(description)}'`;
}

function flagEntries(flags: readonly Flag[]): string {
  return flags
    .flatMap(({ short, long, description }) => [long, ...(short ? [short] : [])].map((name) => entry(name, description)))
    .join(' ');
}

/** The script: a file called _kt in a folder of fpath, or evaluated after compinit. */
export function zshScript(commands: readonly Command[]): string {
  const list = completables(commands);
  const words = wordsOf(list);
  const under = [...new Set(words.map((word) => word.under))];
  const entries = (noun: string): string =>
    words.flatMap((each) => (each.under === noun ? [entry(each.word, each.summary)] : [])).join(' ');
  return `#compdef kt
# zsh completion for kt: source <(kt completion zsh)

${valueFunctions(list)}

# The words that may follow the words of a command: sets known.
__kt_words() {
  known=()
  case "$1" in
${under.map((noun) => `    '${noun}') known=(${entries(noun)}) ;;`).join('\n')}
    *) return 1 ;;
  esac
}

__kt_flags() {
  case "$1" in
${list.map(({ name, flags }) => `    '${name}') known=(${flagEntries(flags)}) ;;`).join('\n')}
    *) known=(${flagEntries(globalFlags)} '--help:show help' '--version:show the version') ;;
  esac
}

__kt_offer_value() {
  local -a names
  case "$value" in
    'words '*) compadd -- \${=value#words } ;;
    'live '*)
      names=(\${(f)"$("\${words[1]}" complete "\${connection[@]}" "\${value#live }" \${first:+"$first"} 2>/dev/null)"})
      (( \${#names} )) && compadd -a names ;;
    file) _files ;;
  esac
}

_kt() {
  local command='' value='' first='' word
  local -a known connection
  local -i i position=0
  connection=(-q)
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ $word == -* ]]; then
      __kt_flag_value "$command" "$word"
      [[ -z $value ]] && continue
      if ((i + 1 == CURRENT)); then
        __kt_offer_value
        return
      fi
      case "$word" in
        ${connectionFlags.join('|')}) connection+=("$word" "\${words[i + 1]}") ;;
      esac
      ((i++))
    elif __kt_words "$command" && [[ -n \${(M)known:#$word:*} ]]; then
      command=\${command:+$command }$word
    else
      ((position == 0)) && first=$word
      ((position++))
    fi
  done
  if [[ \${words[CURRENT]} == -* ]]; then
    __kt_flags "$command"
    _describe -o flag known
  elif __kt_words "$command"; then
    _describe command known
  else
    __kt_argument_value "$command" "$position"
    __kt_offer_value
  fi
}

compdef _kt kt
`;
}
