/** Where `produce` takes its input from. */
import { accessSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { usageError } from '../../base/errors.ts';
import { openFifo } from '../../base/named-file.ts';
import type { ProgressBar } from '../../base/progress.ts';
import type { Context } from '../../context.ts';
import type { LineMemory } from '../../kafka/batch/line-memory.ts';
import { begin } from '../../records/produce/chunks.ts';
import { fileInput } from '../../records/produce/file-input.ts';
import type { ProduceOptions } from './options.ts';

/** Smaller files need not be read to where lines are appended: making that memory takes longer. */
const largeFile = 64 << 10;

/**
 * The bytes to write: a tombstone, messages, a file or stdin.
 * @param lines where a large file is read to, if it is lines
 * @throws KtError `usage` for a file that cannot be read
 */
export function inputOf(
  context: Context,
  { message, tombstone, file, report }: Pick<ProduceOptions, 'message' | 'tombstone' | 'file' | 'report'>,
  lines?: LineMemory,
): AsyncIterable<Buffer> {
  if (tombstone) return chunksOf([Buffer.alloc(0)]);
  if (message.length > 0) return chunksOf(message.map((value) => Buffer.from(value)));
  if (file !== undefined) {
    requireReadable(file);
    if (statSync(file).isFIFO()) return pipeInput(file, context.signal);
    const descriptor = openSync(file, 'r');
    const pieces = lines && fstatSync(descriptor).size >= largeFile ? () => lines.pieces : undefined;
    // What is taken from stdin would be gone if there turns out to be no such topic.
    return withBar(context, begin(fileInput(descriptor, pieces)), descriptor, report);
  }
  if (context.terminal.stdin) context.note('one record per line; Ctrl-D ends');
  return withBar(context, context.stdin, 0, report);
}

function requireReadable(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw usageError(`no file ${file}`, 'check the path, or leave --file out to read stdin');
  if (found.isDirectory()) throw usageError(`${file} is a directory`, 'name a file, or leave --file out to read stdin');
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw usageError(`cannot read ${file} (${(cause as NodeJS.ErrnoException).code})`, 'check its permissions');
  }
}

/** A FIFO may have no writer yet, and an interruption ends the wait for one. */
async function* pipeInput(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield* fileInput(await openFifo(path, signal));
}

/** Input with a progress bar, if its size is known and the screen does not show the report. */
function withBar(context: Context, input: AsyncIterable<Buffer>, descriptor: number, report: boolean): AsyncIterable<Buffer> {
  if (!context.terminal.stderr || (report && context.terminal.stdout)) return input;
  const facts = fstatSync(descriptor);
  return facts.isFile() ? shown(input, context.bar(facts.size, 'bytes')) : input;
}

/** The bar moves within a chunk too, which may take minutes with --rate. */
const shownBytes = 16 << 10;

async function* shown(input: AsyncIterable<Buffer>, bar: ProgressBar): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of input) {
      for (let at = 0; at < chunk.length; at += shownBytes) {
        const piece = chunk.subarray(at, at + shownBytes);
        yield piece;
        bar.advance(piece.length);
      }
    }
  } finally {
    bar.stop();
  }
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
