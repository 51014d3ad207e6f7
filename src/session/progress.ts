/** The line on stderr that shows progress: one spinner or bar at a time, only where somebody can see it. */
import type { Context } from '../context.ts';
import { Meter } from '../render/meter.ts';
import type { Spinner } from '../render/spinner.ts';

export interface ProgressLine extends Pick<Context, 'progress' | 'bar'> {
  /** Makes room for other output; the line comes back by itself. */
  clear(): void;
  stop(): void;
}

/**
 * @param isShown whether stderr is a terminal and nobody asked for quiet
 * @param color whether it may be coloured
 */
export function progressLine(isShown: boolean, color: boolean): ProgressLine {
  let spinning: Spinner | undefined;
  const stop = (): void => {
    spinning?.stop();
    spinning = undefined;
  };
  const progress: Context['progress'] = (text) => {
    let stopped = false;
    const starting = isShown
      ? import('../render/spinner.ts').then(({ spinner }) => {
          if (!stopped) spinning = spinner(text, color);
        })
      : undefined;
    return {
      update: (next) => void starting?.then(() => spinning?.update(next)),
      stop() {
        stopped = true;
        stop();
      },
    };
  };
  return {
    progress,
    bar(total, unit) {
      const line = progress('');
      // Where nobody sees it, no text is made: its first number loads the rules of the language, milliseconds in a short run.
      const meter = isShown ? new Meter(total, unit, performance.now()) : undefined;
      return {
        advance(by) {
          const text = meter?.advance(by, performance.now());
          if (text !== undefined) line.update(text);
        },
        stop: line.stop,
      };
    },
    clear: () => spinning?.clear(),
    stop,
  };
}
