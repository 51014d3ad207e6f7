/** Hands leadership on from broker to broker where no single partition can even it out. */

interface Step {
  readonly replicas: number[];
  readonly leader: number;
}

export interface LeadershipChain {
  readonly from: number;
  readonly to: number;
  readonly steps: readonly Step[];
}

/** A chain from the broker that leads the most; undefined when leadership is as even as the replicas allow. */
export function nextChain(all: readonly number[][], leads: ReadonlyMap<number, number>): LeadershipChain | undefined {
  const led = new Map<number, number[][]>();
  for (const replicas of all) if (!led.get(replicas[0]!)?.push(replicas)) led.set(replicas[0]!, [replicas]);
  for (const [from] of [...leads].sort(([a, x], [b, y]) => y - x || a - b)) {
    const chain = leadershipChain(led, from, leads);
    if (chain) return chain;
  }
  return undefined;
}

/** The shortest way to hand one partition's leadership from a broker to one that leads at least two fewer. */
function leadershipChain(
  led: ReadonlyMap<number, readonly number[][]>,
  from: number,
  leads: ReadonlyMap<number, number>,
): LeadershipChain | undefined {
  const ways = new Map<number, readonly Step[]>([[from, []]]);
  const queue = [from];
  for (const at of queue) {
    if (leads.get(from)! - leads.get(at)! >= 2) return { from, to: at, steps: ways.get(at)! };
    for (const replicas of led.get(at) ?? []) {
      for (const leader of replicas) {
        if (ways.has(leader)) continue;
        ways.set(leader, [...ways.get(at)!, { replicas, leader }]);
        queue.push(leader);
      }
    }
  }
  return undefined;
}
