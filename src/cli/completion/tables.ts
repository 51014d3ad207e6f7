/** The tables of values as shell functions that bash and zsh read alike: they set `value` to what can be completed. */
import { type Completable, type Flag, globalFlags, type Values } from './model.ts';

/** How the scripts write what stands for a value: `words a b`, `live topic`, `file` or `nothing`. */
export function spec(values: Values): string {
  if (values.kind === 'words') return `words ${values.words.join(' ')}`;
  return values.kind === 'live' ? `live ${values.what}` : values.kind;
}

/** `before` is the pattern in front of the flag, its quote open. */
function valueCases(before: string, flags: readonly Flag[]): string[] {
  return flags.flatMap(({ short, long, value }) => {
    if (!value) return [];
    const patterns = [short, long].filter((each) => each !== undefined).map((each) => `${before}${each}'`);
    return [`    ${patterns.join('|')}) value='${spec(value)}' ;;`];
  });
}

function argumentCases({ name, args, variadic }: Completable): string[] {
  return args.map((values, index) => {
    const position = variadic && index === args.length - 1 ? '*' : String(index);
    return `    '${name} '${position}) value='${spec(values)}' ;;`;
  });
}

/** `__kt_flag_value COMMAND FLAG` and `__kt_argument_value COMMAND POSITION`. */
export function valueFunctions(list: readonly Completable[]): string {
  return `# What follows a flag: sets value, empty for a flag without a value.
__kt_flag_value() {
  value=''
  case "$1 $2" in
${list.flatMap(({ name, flags }) => valueCases(`'${name} `, flags)).join('\n')}
    *' --brokers') value='nothing' ;;
${valueCases("*' ", globalFlags).join('\n')}
  esac
}

# What stands at a position of a command: sets value.
__kt_argument_value() {
  value='nothing'
  case "$1 $2" in
${list.flatMap(argumentCases).join('\n')}
  esac
}`;
}
