/** The rules of verdictOf on recorded histories: one sample per entry, five seconds apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LagSample, verdictOf } from '../../../../src/core/lag/verdicts.ts';

/** `committed/end` per sample; `-` where nothing was committed, `?` where the leader was away; `!` behind the last: nobody is assigned it. */
function history(text: string): readonly LagSample[] {
  const owned = !text.endsWith('!');
  return text
    .replace('!', '')
    .trim()
    .split(/\s+/)
    .map((entry, index) => {
      const atMs = index * 5_000;
      if (entry === '?') return { atMs, committedOffset: null, endOffset: null, lag: null, owned: false };
      const [committed, end] = entry.split('/') as [string, string];
      const committedOffset = committed === '-' ? null : BigInt(committed);
      const endOffset = BigInt(end);
      const lag = endOffset - (committedOffset ?? 0n);
      return { atMs, committedOffset, endOffset, lag: lag < 0n ? 0n : lag, owned };
    });
}

const cases: readonly (readonly [story: string, verdict: ReturnType<typeof verdictOf>, samples: string])[] = [
  ['caught up and quiet', 'ok', '90/90 90/90 90/90 90/90 90/90 90/90 90/90'],
  ['a quiet topic whose reader is gone is no alarm', 'ok', '90/95 90/95 90/95 90/95 90/95 90/95 90/95 !'],
  ['a quiet topic that was never read is no alarm', 'ok', '-/95 -/95 -/95 -/95 -/95 -/95 -/95'],
  ['a backlog that is read while nothing is written', 'catching up', '10/95 20/95 30/95 40/95 50/95 60/95 70/95'],
  ['keeping up, a little behind', 'ok', '50/60 60/70 70/80 80/90 90/100 100/110 110/120'],
  ['keeping up with a commit at every other sample', 'ok', '50/60 50/70 70/80 70/90 90/100 90/110 110/120'],
  ['commits rarely, once in the window: no alarm', 'ok', '0/100 0/110 0/120 100/130 100/140 100/150 100/160'],
  ['reads nothing at all, with a member', 'stalled', '50/60 50/70 50/80 50/90 50/100 50/110 50/120'],
  ['never committed, with a member', 'stalled', '-/60 -/70 -/80 -/90 -/100 -/110 -/120'],
  ['its consumer is gone while records come', 'stopped', '50/60 50/70 50/80 50/90 50/100 50/110 50/120 !'],
  ['stopped in the earlier half, after it was caught up', 'stopped', '50/50 60/60 60/70 60/80 60/90 60/100 60/110 !'],
  ['stopped only just now: not enough seen', 'ok', '50/50 60/60 70/70 80/80 90/90 90/100 90/110 !'],
  ['a record that came a moment ago on a quiet topic', 'ok', '90/90 90/90 90/90 90/90 90/90 90/90 90/91'],
  ['a record in the middle of a quiet window, not committed yet', 'ok', '90/90 90/90 90/90 90/91 90/91 90/91 90/91'],
  ['reads half of what is written', 'growing', '50/60 55/70 60/80 65/90 70/100 75/110 80/120'],
  [
    'reads half, committing at every third sample',
    'growing',
    '50/60 50/80 50/100 80/120 80/140 80/160 110/180 110/200 110/220 140/240 140/260 140/280 170/300',
  ],
  [
    'loses a hundredth: it keeps up within a twentieth',
    'ok',
    '0/1000 990/2000 1980/3000 2970/4000 3960/5000 4950/6000 5940/7000',
  ],
  ['loses a tenth', 'growing', '0/1000 900/2000 1800/3000 2700/4000 3600/5000 4500/6000 5400/7000'],
  ['reads twice what is written', 'catching up', '0/100 20/110 40/120 60/130 80/140 100/150 120/160'],
  ['its offsets were reset', 'rewound', '50/60 60/70 70/80 0/90 10/100 20/110 30/120'],
  ['its offsets were reset on a quiet topic', 'rewound', '90/90 90/90 10/90 30/90 50/90 70/90 90/90'],
  ['the topic was made anew: the past does not count', 'ok', '50/60 60/70 70/80 0/5 5/10 10/15 15/15'],
  ['a topic made anew and read too slowly', 'growing', '500/600 0/10 5/20 10/30 15/40 20/50 25/60'],
  ['a rolling restart: two gaps', 'ok', '50/60 60/70 ? ? 90/100 100/110 110/120'],
  ['a restart, after which one answer was old', 'ok', '50/60 60/70 70/80 -/90 90/100 100/110 110/120'],
  ['a restart, and then nobody reads', 'stopped', '50/60 ? ? 50/90 50/100 50/110 50/120 !'],
  ['more gaps than samples', null, '50/60 ? ? ? ? 50/110 50/120'],
  ['a transaction marker is left, and a record came a moment ago', 'ok', '90/91 90/91 90/91 90/91 90/91 90/91 90/93'],
  ['a burst that is worked off', 'ok', '50/60 60/70 80/170 100/180 120/190 140/200 160/210'],
  ['three samples are no history', null, '50/60 50/70 50/80'],
  ['nothing seen', null, '? ? ?'],
];

for (const [story, verdict, samples] of cases) {
  test(`${story}: ${verdict}`, () => assert.equal(verdictOf(history(samples)), verdict));
}
