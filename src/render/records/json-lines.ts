/**
 * Lines of style `json` of many records at once, without any JavaScript for each: a kernel (kernels/jsonl.ts) goes from the bytes of a batch, which
 * are copied to its memory, to the buffer that is written, which lies there.
 */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { RecordRun, TakeRun } from '../../kafka/batch/record.ts';
import { jsonl as encoded } from '../../kafka/kernels/generated/jsonl.ts';
import { instantiate, type KernelNumber } from '../../kafka/kernels/instance.ts';

interface Exports {
  readonly INPUT: KernelNumber;
  readonly BEGINNING: KernelNumber;
  readonly OUTPUT: KernelNumber;
  readonly from: KernelNumber;
  readonly to: KernelNumber;
  readonly left: KernelNumber;
  readonly delta: KernelNumber;
  readonly append: (
    end: number,
    count: number,
    at: number,
    limit: number,
    beginning: number,
    baseOffset: bigint,
    lastDelta: number,
    time: bigint,
    isAppendTime: number,
  ) => void;
}

/** What the kernel takes at once, in bytes of records. */
const inputBytes = 64 << 10;
/** The most that may come before an offset. */
const beginningBytes = 512;
/** Fewer bytes of records than that are not worth a kernel. */
const kernelFrom = 64 << 10;

/**
 * Makes what appends to a sink. Once there is enough to do, the sink goes on in the kernel's memory; where that is in use altogether, nothing is taken.
 * @param beginningOf what each line of a partition begins with, up to the offset
 */
export function takeLines(sink: ByteSink, beginningOf: (run: RecordRun) => string): TakeRun {
  let seen = 0;
  let lines: JsonLines | undefined;
  return (run, end) => {
    seen += end - run.at;
    if (seen < kernelFrom) return;
    lines ??= new JsonLines(sink, beginningOf);
    lines.take(run, end);
  };
}

class JsonLines {
  readonly #kernel = instantiate<Exports>(encoded);
  readonly #sink: ByteSink;
  readonly #beginningOf: (run: RecordRun) => string;
  readonly #input: Buffer;
  readonly #beginning: Buffer;
  /** Where the next buffer is; those that were written come back to the sink by themselves. */
  #nextBuffer: number;
  #topic: string | undefined;
  #partition = -1;
  #beginningLength = 0;

  constructor(sink: ByteSink, beginningOf: (run: RecordRun) => string) {
    const { memory, INPUT, BEGINNING, OUTPUT } = this.#kernel;
    this.#sink = sink;
    this.#beginningOf = beginningOf;
    this.#input = Buffer.from(memory.buffer, INPUT.value, inputBytes);
    this.#beginning = Buffer.from(memory.buffer, BEGINNING.value, beginningBytes);
    this.#nextBuffer = OUTPUT.value;
  }

  take(run: RecordRun, end: number): void {
    const sink = this.#sink;
    const kernel = this.#kernel;
    if (!this.#isBeginningKnown(run) || !this.#isSinkHere()) return;
    const { buf } = sink;
    const length = run.bytes.copy(this.#input, 0, run.at, Math.min(end, run.at + inputBytes));
    kernel.append(
      kernel.INPUT.value + length,
      run.left,
      buf.byteOffset + sink.length,
      buf.byteOffset + buf.length,
      this.#beginningLength,
      run.baseOffset,
      run.lastOffsetDelta,
      run.batchTimestamp,
      run.timestampType === 'LogAppendTime' ? 1 : 0,
    );
    run.at += kernel.from.value - kernel.INPUT.value;
    run.left = kernel.left.value;
    run.offsetDelta = kernel.delta.value;
    sink.length = kernel.to.value - buf.byteOffset;
  }

  /** Whether what lines begin with is in the kernel's memory, where it is put if it fits. */
  #isBeginningKnown(run: RecordRun): boolean {
    if (run.partition !== this.#partition || run.topic !== this.#topic) {
      ({ topic: this.#topic, partition: this.#partition } = run);
      const beginning = Buffer.from(this.#beginningOf(run));
      this.#beginningLength = beginning.length;
      beginning.copy(this.#beginning);
    }
    return this.#beginningLength <= beginningBytes;
  }

  /** Whether the sink's buffer lies in the kernel's memory, where it is moved if there is one left. */
  #isSinkHere(): boolean {
    const { buf, length } = this.#sink;
    const memory = this.#kernel.memory.buffer;
    if (buf.buffer === memory) return true;
    if (this.#nextBuffer + buf.length > memory.byteLength) return false;
    const buffer = Buffer.from(memory, this.#nextBuffer, buf.length);
    this.#nextBuffer += buf.length;
    buf.copy(buffer, 0, 0, length);
    this.#sink.restart(buffer);
    this.#sink.length = length;
    return true;
  }
}
