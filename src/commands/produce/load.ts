/** `produce --count`: progress while generated records are written, and the results at the end. */

import { usageError } from '../../base/errors.ts';
import { formatSize } from '../../base/units.ts';
import type { Context } from '../../context.ts';
import { Latencies } from '../../records/produce/latency.ts';
import type { Load } from '../../records/produce/load.ts';
import { compileTemplate } from '../../records/produce/template.ts';
import { defaultValueTemplate, type ProduceOptions } from './options.ts';

/** The records to generate; undefined without `--count`. @throws KtError `usage` for templates without it */
export function loadOf({
  count,
  keyTemplate,
  valueTemplate,
  rate,
}: Pick<ProduceOptions, 'count' | 'keyTemplate' | 'valueTemplate' | 'rate'>): Load | undefined {
  if (count === undefined) {
    const stray = valueTemplate === undefined ? (keyTemplate === undefined ? undefined : '--key-template') : '--value-template';
    if (stray) throw usageError(`${stray} without --count`, `say how many records to generate: --count 1000 ${stray} …`);
    return undefined;
  }
  return {
    count,
    key: keyTemplate,
    value: valueTemplate ?? compileTemplate(defaultValueTemplate),
    recordsPerSecond: rate,
  };
}

const redrawMs = 200;

/** Counts acknowledgements; shows the progress on a terminal and a summary at the end. */
export class LoadAccount {
  readonly #context: Context;
  readonly #count: number;
  readonly #latencies = new Latencies();
  readonly #startedAt = performance.now();
  readonly #progress;
  #records = 0;
  #bytes = 0;
  #shownAt = 0;

  constructor(context: Context, { count }: Load) {
    this.#context = context;
    this.#count = count;
    this.#progress = context.progress('');
  }

  readonly acknowledged = (records: number, bytes: number, latencyMs: number): void => {
    this.#records += records;
    this.#bytes += bytes;
    this.#latencies.add(latencyMs, records);
    const now = performance.now();
    if (now - this.#shownAt < redrawMs) return;
    this.#shownAt = now;
    const of = `${this.#records.toLocaleString('en-US')} of ${this.#count.toLocaleString('en-US')} records`;
    this.#progress.update(`${of}  ${this.#throughput(now)}  p99 ${ms(this.#latencies.percentile(0.99))}`);
  };

  end(): void {
    this.#progress.stop();
    if (this.#records === 0) return;
    const at = (part: number): string => ms(this.#latencies.percentile(part));
    this.#context.note(
      `${this.#throughput(performance.now())}; acknowledged within p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${ms(this.#latencies.max)}`,
    );
  }

  #throughput(now: number): string {
    const seconds = (now - this.#startedAt) / 1000;
    return `${Math.round(this.#records / seconds).toLocaleString('en-US')} records/s, ${formatSize(Math.round(this.#bytes / seconds))}/s`;
  }
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US')} ms`;
}
