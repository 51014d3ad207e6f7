/** Windows in Flink SQL: its functions of tables, with kt's boundaries. */
import { usageError } from '../../../base/errors.ts';
import { sqlName } from '../../expression/sql/literal.ts';
import type { Windows } from '../spec.ts';
import { epochMs, interval } from './time.ts';

export interface WindowsSql {
  /** What stands after FROM. */
  readonly from: string;
  /** What rows are grouped by, besides the key. */
  readonly groups: readonly string[];
  /** In epoch ms. */
  readonly start: string;
  readonly end: string;
  /** The timestamp of results: the last one of the window; undefined where there is one window for all. */
  readonly time: string | undefined;
}

const groups = ['window_start', 'window_end', 'window_time'];

/**
 * @param table what is to be put into windows
 * @param time its column with the time, quoted
 * @throws KtError `usage` for windows that Flink has not
 */
export function windowsSql(windows: Windows, table: string, time: string, isKeyed: boolean): WindowsSql {
  const from = (name: string, spans: readonly string[], by = '') =>
    `TABLE(${name}(TABLE ${sqlName(table)}${by}, DESCRIPTOR(${time}), ${spans.join(', ')}))`;
  switch (windows.kind) {
    case 'none':
      return { from: sqlName(table), groups: [], start: 'CAST(NULL AS BIGINT)', end: 'CAST(NULL AS BIGINT)', time: undefined };
    case 'tumbling':
      return aligned(from('TUMBLE', [interval(windows.sizeMs, '--window')]), windows.sizeMs % 1000 !== 0);
    case 'hopping': {
      const { sizeMs, hopMs } = windows;
      if (sizeMs % hopMs !== 0)
        throw usageError(
          '--hop that does not divide --window (Flink has no such windows)',
          'for example --window 10m --hop 1m',
        );
      return aligned(
        from('HOP', [interval(hopMs, '--hop'), interval(sizeMs, '--window')]),
        sizeMs % 1000 !== 0 || hopMs % 1000 !== 0,
      );
    }
    case 'session':
      return sessions(windows.gapMs, (gap) => from('SESSION', [gap], isKeyed ? ` PARTITION BY ${sqlName('key')}` : ''));
  }
}

function aligned(from: string, hasMs: boolean): WindowsSql {
  return {
    from,
    groups,
    start: epochMs('window_start', hasMs),
    end: epochMs('window_end', hasMs),
    time: 'CAST(window_time AS TIMESTAMP_LTZ(3))',
  };
}

/** For Flink records exactly the gap apart are of one session, for kt of two: so its gap is a millisecond shorter, and its ends are corrected. */
function sessions(gapMs: number, from: (gap: string) => string): WindowsSql {
  if (gapMs < 2) throw usageError('--session of less than 2 ms (Flink has no such sessions)', 'give a longer one');
  return {
    from: from(interval(gapMs - 1, '--session')),
    groups,
    start: epochMs('window_start'),
    end: `${epochMs('window_end')} + 1`,
    time: "CAST(window_time + INTERVAL '0.001' SECOND AS TIMESTAMP_LTZ(3))",
  };
}
