/** `kt aggregate --print flink-sql` on a real topic; that Flink gives the same results is what npm run test:flink shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn } from '../support/kt-on.ts';

const orders = [
  { id: 1, category: 'books', user: { id: 7 }, total: 12.5 },
  { id: 2, category: 'toys', user: { id: 8 }, total: 3 },
  { id: 3, user: { id: 8 }, note: null },
].map((order) => JSON.stringify(order));

for (const [index, cluster] of (await testClusters()).entries()) {
  const kt = ktOn(cluster, index === 0 ? 'node' : 'binary');
  const { version } = cluster;

  test(`${version}: an aggregation is printed as a job: types from the topic's records, positions, and nothing is run`, async () => {
    const topic = await kt.newTopic('-p', '1');
    await kt.done(['produce', topic], asLines(orders));
    const words = ['--by', 'value.user.id', '--sum', 'revenue=value.total', '--window', '1m', '--print', 'flink-sql'];
    const sql = await kt.done(['aggregate', topic, '--from', '-2', '-e', ...words, '--into', `${topic}-revenue`]);
    assert.match(sql, /^-- A job for Apache Flink/);
    for (const line of [
      `--   kt aggregate ${topic} --from -2 --exit --by value.user.id --sum revenue=value.total --window 1m --into ${topic}-revenue --print flink-sql`,
      '  `user` ROW<`id` BIGINT>,',
      '  `total` DOUBLE,',
      `  'properties.bootstrap.servers' = '${cluster.bootstrapServers}',`,
      `  'properties.group.id' = '${topic}-revenue-flink',`,
      "  'properties.isolation.level' = 'read_committed',",
      "  'scan.startup.mode' = 'specific-offsets',",
      "  'scan.startup.specific-offsets' = 'partition:0,offset:1',",
      "  'scan.bounded.mode' = 'latest-offset',",
    ])
      assert.ok(sql.split('\n').includes(line), `${line}\nis not in\n${sql}`);
    const listed = JSON.parse(await kt.done(['topics', 'list', `${topic}*`, '-o', 'json']));
    assert.equal(listed.length, 1, 'no topic is created');
  });

  test(`${version}: what Flink SQL cannot say ends with 2, its name and its place`, async () => {
    const topic = await kt.newTopic('-p', '1');
    await kt.done(['produce', topic], asLines(orders));
    const refused: readonly (readonly [words: readonly string[], why: RegExp])[] = [
      [
        ['--where', 'value.note === null'],
        /--where 'value\.note === null' \(.*does not tell null from a missing field[\s\S]*\^/,
      ],
      [['--by', 'value.nothing.some(x => x)'], /some\(\)[\s\S]*\n {4}\^/],
      [['-p', '0'], /--partition/],
      [['--value-format', 'avro'], /--value-format avro/],
      [['--emit', 'updates'], /--emit updates/],
      [['--max-memory', '1MiB'], /--max-memory/],
    ];
    for (const [words, why] of refused) {
      const { code, stdout, stderr } = await kt.run(['aggregate', topic, '--window', '1m', '--print', 'flink-sql', ...words]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout.toString(), '');
      assert.match(stderr, why);
    }
  });
}
