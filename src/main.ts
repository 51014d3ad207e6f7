/** kt from its arguments to its exit code: parse, run, render; signals, and the only place where an error becomes a code. */

import { endingSignals, exitCodes, KtError } from './base/errors.ts';
import { loadRegexFor } from './base/regex/plain.ts';
import { isFullScreen } from './cli/full-screen.ts';
import { helpText } from './cli/help.ts';
import { isLive } from './cli/live.ts';
import { isJsonFormat, type Parsed, parse, wantsJson } from './cli/program.ts';
import { version } from './cli/version.ts';
import { commands } from './commands/index.ts';
import { type Io, processIo } from './io.ts';
import { colored, plain, wantsColor } from './render/colors.ts';
import { asKtError, errorText } from './render/errors.ts';
import { unwrittenNames } from './render/names.ts';
import { ClosedPipe } from './render/out.ts';
import { render } from './render/value.ts';
import { openSession, type Session } from './session.ts';

type Run = Extract<Parsed, { kind: 'run' }>;
type Look = Pick<Run['globals'], 'color' | 'verbose'> & { json: boolean };

/** Prints problems and returns their exit code: the highest wins. */
export async function report(io: Io, problems: readonly KtError[], look: Look): Promise<number> {
  const paint = wantsColor(look.color, io.env, io.terminal.stderr) ? await colored() : plain;
  let highest = 0;
  for (const [at, problem] of problems.entries()) {
    highest = Math.max(highest, exitCodes[problem.kind]);
    // Thousands of topics with the same problem need the same hint once.
    const hinted = problems[at + 1]?.hint !== problem.hint;
    io.stderr(errorText(problem, { ...look, hinted, paint }));
  }
  return highest;
}

/** Who runs kt may send one Ctrl-C twice: timeout(1) sends it to the process and to its group, npm passes on what the terminal sent too. */
const sameSignalMs = 100;

/** Ctrl-C, SIGTERM and SIGHUP end the run cleanly; a second Ctrl-C ends it at once. Returns what stops listening. */
function listen(io: Io, session: Session, reads: boolean): () => void {
  const signals = Object.keys(endingSignals) as (keyof typeof endingSignals)[];
  let interruptedAt: number | undefined;
  const end = (signal: keyof typeof endingSignals): void => {
    const kind = endingSignals[signal];
    if (signal === 'SIGINT') {
      if (interruptedAt !== undefined && performance.now() - interruptedAt < sameSignalMs) return;
      if (session.context.signal.aborted) io.exit(exitCodes[kind]);
      interruptedAt ??= performance.now();
    }
    session.abort(new KtError(kind, kind));
  };
  const stops = [
    ...signals.map((signal) => io.onSignal(signal, () => end(signal))),
    // Only reading may end early: a change must be made whether or not somebody reads the output.
    ...(reads ? [io.onClosedStdout(() => session.abort(new ClosedPipe('stdout was closed')))] : []),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** The exit code of a run that was ended from outside, whatever its work threw meanwhile; undefined for any other run. */
function endedCode({ context }: Session): number | undefined {
  const { aborted, reason } = context.signal;
  if (!aborted) return undefined;
  return reason instanceof KtError ? exitCodes[reason.kind] : 0;
}

/** What a result itself complains of, and what its format could not hold. */
function problemsOf(shows: Run['command']['shows'], value: unknown, format: string | undefined): readonly KtError[] {
  if (isLive(value) || isFullScreen(value)) return [];
  const unwritten = shows.kind === 'table' && format === 'name' ? unwrittenNames(shows.names(value)) : [];
  return [...unwritten, ...(shows.problems?.(value) ?? [])];
}

async function runCommand(io: Io, { command, args, options, globals }: Run): Promise<number> {
  const look = { ...globals, json: isJsonFormat(globals.output) };
  const session = openSession(io, globals);
  const unlisten = listen(io, session, command.shows.kind === 'records');
  const fail = (error: unknown) => report(io, [asKtError(error)], look);
  io.onUncaught((error) => void fail(error).then((code) => io.exit(code)));
  try {
    await loadRegexFor(io.argv);
    const value = await command.run(session.context, args, options);
    await render(command.shows, value, globals.output, session.out, session.terminal, globals);
    const code = await report(io, problemsOf(command.shows, value, globals.output), look);
    return endedCode(session) ?? code;
  } catch (error) {
    return endedCode(session) ?? (await fail(error));
  } finally {
    await session.close();
    unlisten();
  }
}

async function runParsed(io: Io, parsed: Parsed): Promise<number> {
  if (parsed.kind === 'run') return runCommand(io, parsed);
  if (parsed.kind === 'version') {
    await io.stdout.write(`kt ${version()}\n`);
    return 0;
  }
  if (parsed.kind === 'licenses') {
    const { licenses } = await import('./cli/licenses.ts');
    await io.stdout.write(await licenses());
    return 0;
  }
  if (wantsJson(io.argv, {})) {
    const [{ commandTrees }, { jsonDocument }] = await Promise.all([import('./cli/tree.ts'), import('./render/json.ts')]);
    for (const part of jsonDocument(await commandTrees(parsed.of))) await io.stdout.write(part);
    return 0;
  }
  const paint = wantsColor(parsed.globals.color, io.env, io.terminal.stdout) ? await colored() : plain;
  const bold = (text: string): string => paint(text, 'strong');
  await io.stdout.write(await helpText(parsed.of, io.columns(), bold));
  return 0;
}

/** Runs kt once. Never throws; all output has been written when it resolves with the exit code. */
export async function run(io: Io): Promise<number> {
  try {
    return await runParsed(io, await parse(commands, io.argv, io.env));
  } catch (error) {
    if (error instanceof ClosedPipe) return 0;
    return report(io, [asKtError(error)], {
      color: 'auto',
      verbose: io.argv.includes('-v') || io.argv.includes('--verbose'),
      json: wantsJson(io.argv, io.env),
    });
  } finally {
    io.close();
  }
}

/** Runs kt as this process. */
export async function main(): Promise<number> {
  const io = await processIo();
  const code = await run(io);
  if (io.stdout.isWriting?.()) io.exit(code);
  return code;
}
