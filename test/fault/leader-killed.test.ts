/** A leader that dies at once: what was acknowledged is there exactly once and in order, and a follower prints it once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { brokenCluster } from '../support/clusters.ts';
import { ktOn, linesOf } from '../support/kt-on.ts';

const cluster = await brokenCluster();

for (const program of ['binary', 'node'] as const) {
  test(`${program}: the leader is killed while kt produces and tails`, async (t) => {
    const { done, start, newTopic, values } = ktOn(cluster, program);
    const topic = await newTopic('--partitions', '1', '--replication-factor', '3', '--config', 'min.insync.replicas=2');
    const described = JSON.parse(await done(['topics', 'describe', topic, '-o', 'json']));
    const leader: number = described[0].partitions[0].leader;

    const follower = start(t, ['tail', topic, '--from-beginning']);
    const followed: Buffer[] = [];
    follower.child.stdout.on('data', (chunk) => followed.push(chunk));
    const producer = start(t, ['produce', topic, '--report', '-o', 'json']);
    const reported: Buffer[] = [];
    producer.child.stdout.on('data', (chunk) => reported.push(chunk));
    const deliveries = () =>
      linesOf(Buffer.concat(reported)).map((line) => JSON.parse(line) as { line: number; offset: number });

    let written = 0;
    let feeding = true;
    const feed = async (): Promise<void> => {
      while (feeding) {
        for (let count = 0; count < 20; count++) producer.child.stdin.write(`${++written}\n`);
        await delay(2);
      }
      producer.child.stdin.end();
    };
    const fed = feed();
    while (deliveries().length < 500) await delay(20);
    await cluster.killNode(leader);
    const before = deliveries().length;
    while (deliveries().length < before + 500) await delay(50);
    // Back again, and in charge again or not: the clients go on.
    await cluster.startNode(leader);
    const after = deliveries().length;
    while (deliveries().length < after + 500) await delay(50);
    feeding = false;
    await fed;
    const { code, stderr } = await producer.ended;
    assert.equal(code, 0, stderr);

    const expected = Array.from({ length: written }, (_, index) => String(index + 1));
    assert.deepEqual(await values(topic), expected);
    assert.deepEqual(
      deliveries().map(({ line, offset }) => [line, offset]),
      expected.map((value, offset) => [Number(value), offset]),
    );
    while (linesOf(Buffer.concat(followed)).length < written) await delay(50);
    follower.child.kill('SIGINT');
    assert.equal((await follower.ended).code, 130);
    assert.deepEqual(linesOf(Buffer.concat(followed)), expected);
  });
}
