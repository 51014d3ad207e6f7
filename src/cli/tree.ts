/** The commands as data, for tools that build command lines or read kt's output: `kt help -o json`. */
import type { Found } from './catalog.ts';
import type { Argument, Command, Option, Options } from './define.ts';
import { exitCodeFacts, valueForms } from './facts.ts';
import { formatsOf } from './formats.ts';
import { globalOptions, globalVariables } from './globals.ts';
import { usageLine } from './usage.ts';
import { version } from './version.ts';

/** `-p, --partitions <n>` in its parts. */
function flagsOf({ flags }: Option<unknown>) {
  const [, short = null, long = '', value = null] = /^(?:(-\w), )?(--[\w-]+)(?: <(.+)>)?$/.exec(flags) ?? [];
  return { long, short, value };
}

function optionTree(option: Option<unknown>, variable: string | undefined) {
  const { description, repeatable, extra } = option;
  return {
    ...flagsOf(option),
    description,
    default: extra.defaultText ?? null,
    choices: extra.choices ?? null,
    repeatable,
    variable: variable ?? null,
  };
}

function optionTrees(options: Options, variables: Readonly<Record<string, string | undefined>> = {}) {
  return Object.entries(options).map(([key, option]) => optionTree(option, variables[key]));
}

function argumentTree({ name, description, required, variadic, choices }: Argument<unknown>) {
  return { name, description, required, variadic, choices: choices ?? null };
}

function commandTree(command: Command) {
  const { name, aliases = [], summary, description = null, args, options, shows, examples } = command;
  return {
    name,
    aliases,
    summary,
    description,
    usage: usageLine(command),
    arguments: Object.values(args).map(argumentTree),
    options: optionTrees(options),
    output: formatsOf(shows),
    jsonFields: shows.fields,
    examples: examples.map(({ line, does }) => ({ line, does })),
  };
}

/** One command, those of a noun, or all: each with what its help says; and what holds for all of them. */
export async function commandTrees(of: Found) {
  const list = of.kind === 'command' ? [of.registration] : of.commands.filter(({ hidden }) => !hidden);
  return {
    version: version(),
    commands: (await Promise.all(list.map((each) => each.load()))).map(commandTree),
    globalOptions: optionTrees(globalOptions, globalVariables),
    values: Object.fromEntries(valueForms.map(({ name, meaning }) => [name, meaning])),
    exitCodes: exitCodeFacts.flatMap(({ name, meaning }) => name.split(', ').map((code) => ({ code: Number(code), meaning }))),
  };
}
