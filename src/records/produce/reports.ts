/** Queues where records were written for whoever prints it: compact while it waits, and the input waits if too much is queued. */
import { whenAborted } from '../../base/pause.ts';

/** One acknowledged record; `offset` is -1 with acks 0. */
export interface Delivery {
  readonly line: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** An acknowledged batch: its records have consecutive offsets from `baseOffset` on; -1 with acks 0. */
export interface DeliveredBatch {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: bigint;
  /** The input line of each record. */
  readonly lines: readonly number[];
}

/** Records that may be queued. */
const waitingRecords = 100_000;

export class Reports {
  readonly #batches: DeliveredBatch[] = [];
  #records = 0;
  #ended = false;
  /** Nobody reads any longer. */
  #abandoned = false;
  #wakeReader = () => {};
  #wakeWriter = () => {};

  add(batch: DeliveredBatch): void {
    if (this.#abandoned) return;
    this.#batches.push(batch);
    this.#records += batch.lines.length;
    this.#wakeReader();
  }

  /** Nothing more will be added. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  /** Resolves when more may be added; rejects with the signal's reason. One caller at a time. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.#records > waitingRecords) {
      await new Promise<void>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const release = whenAborted(signal, () => reject(signal.reason));
        this.#wakeWriter = () => {
          release();
          resolve();
        };
      });
    }
  }

  /** What was added, batch by batch, until the end. A reader that stops early holds nothing up. */
  async *read(): AsyncGenerator<readonly Delivery[]> {
    try {
      for (;;) {
        const batch = this.#batches.shift();
        if (batch) {
          yield deliveriesOf(batch);
          this.#records -= batch.lines.length;
          this.#wakeWriter();
        } else if (this.#ended) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve;
          });
        }
      }
    } finally {
      this.#abandoned = true;
      this.#batches.length = 0;
      this.#records = 0;
      this.#wakeWriter();
    }
  }
}

function deliveriesOf({ topic, partition, baseOffset, lines }: DeliveredBatch): readonly Delivery[] {
  return lines.map((line, index) => ({
    line,
    topic,
    partition,
    offset: baseOffset < 0n ? -1n : baseOffset + BigInt(index),
  }));
}
