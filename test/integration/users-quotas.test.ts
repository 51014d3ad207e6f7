/** Users and quotas set with kt are those that kafka-configs shows, and the other way round. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { kafkaTools } from '../support/kafka-tools.ts';
import { ktOn } from '../support/kt-on.ts';
import { untilEqual } from '../support/until.ts';

for (const [index, cluster] of (await testClusters()).entries()) {
  const kt = ktOn(cluster, index === 0 ? 'node' : 'binary');
  const { configs } = kafkaTools(cluster);
  const rows = async (...args: string[]) => JSON.parse(await kt.done([...args, '-o', 'json']));

  test(`Kafka ${cluster.version}: quotas, side by side with kafka-configs`, async () => {
    const [user, client] = [`user-${randomUUID()}`, `client-${randomUUID()}`];
    const both = ['--user', user, '--client-id', client];
    const [dry] = await rows('quotas', 'set', '--user', user, '--producer-byte-rate', '10MiB', '--dry-run');
    assert.deepEqual(dry, { entity: { user }, quotas: { producer_byte_rate: 10_485_760 }, status: 'valid' });
    assert.deepEqual(await rows('quotas', 'list', '--user', user), []);
    const limits = ['--producer-byte-rate', '10MiB', '--request-percentage', '150%', '--controller-mutation-rate', '0.5'];
    const [set] = await rows('quotas', 'set', '--user', user, ...limits);
    const quotas = { controller_mutation_rate: 0.5, producer_byte_rate: 10_485_760, request_percentage: 150 };
    assert.deepEqual(set, { entity: { user }, quotas, status: 'set' });
    assert.equal((await rows('quotas', 'set', '--user', user, ...limits))[0].status, 'unchanged');
    assert.equal((await rows('quotas', 'set', ...both, '--consumer-byte-rate', '1kB'))[0].status, 'set');

    const shown = await configs('--describe', '--entity-type', 'users', '--entity-name', user);
    const printed = [...shown.matchAll(/(\w+)=([\d.E]+)/g)].map(([, name, value]) => [name, Number(value)]);
    assert.deepEqual(Object.fromEntries(printed.sort()), quotas);
    await configs(
      ...['--alter', '--entity-type', 'users', '--entity-name', user, '--entity-type', 'clients', '--entity-default'],
      ...['--add-config', 'consumer_byte_rate=2048'],
    );
    await untilEqual(
      async () => (await rows('quotas', 'list', '--user', user)).map(({ entity, quotas: found }: Listed) => [entity, found]),
      [
        [{ user }, quotas],
        [{ user, clientId: client }, { consumer_byte_rate: 1000 }],
        [{ user, clientId: null }, { consumer_byte_rate: 2048 }],
      ],
    );

    const unanswered = await kt.run(['quotas', 'delete', '--user', user]);
    assert.equal(unanswered.code, 2);
    const [less] = await rows('quotas', 'delete', '--user', user, '--request-percentage', '--yes');
    assert.deepEqual([less.status, Object.keys(less.quotas)], ['deleted', ['controller_mutation_rate', 'producer_byte_rate']]);
    for (const whom of [['--user', user], both, ['--user', user, '--client-id-default']])
      assert.equal((await rows('quotas', 'delete', ...whom, '--yes'))[0].status, 'deleted');
    assert.deepEqual(await rows('quotas', 'list', '--user', user), []);
    assert.equal((await rows('quotas', 'delete', '--user', user))[0].status, 'absent');
    assert.equal((await rows('quotas', 'set', '--ip', '10.0.0.7', '--connection-creation-rate', '20'))[0].status, 'set');
    assert.deepEqual(await rows('quotas', 'list', '--ip', '10.0.0.7'), [
      { entity: { ip: '10.0.0.7' }, quotas: { connection_creation_rate: 20 } },
    ]);
    await rows('quotas', 'delete', '--ip', '10.0.0.7', '--yes');
    const refused = await kt.run(['quotas', 'set', '--ip', 'no.such.host.invalid', '--connection-creation-rate', '1']);
    assert.equal(refused.code, 3, refused.stderr);
  });

  test(`Kafka ${cluster.version}: users, side by side with kafka-configs; a cluster without rules says so`, async () => {
    const [ours, theirs] = [`user-${randomUUID()}`, `user-${randomUUID()}`];
    await kt.done(['users', 'set', ours, '--iterations', '5000', '--password-file', '-'], 'secret');
    const shown = await configs('--describe', '--entity-type', 'users', '--entity-name', ours);
    assert.match(shown, /SCRAM-SHA-512=iterations=5000/);
    const add = ['--alter', '--entity-type', 'users', '--entity-name', theirs];
    await configs(...add, '--add-config', 'SCRAM-SHA-256=[iterations=4096,password=secret]');
    const found = async () => (await rows('users', 'list')).find(({ user }: { user: string }) => user === theirs)?.credentials;
    await untilEqual(found, [{ mechanism: 'SCRAM-SHA-256', iterations: 4096 }]);
    for (const user of [ours, theirs]) assert.equal((await rows('users', 'delete', user, '--yes'))[0].status, 'deleted');
    assert.equal((await kt.run(['users', 'delete', ours, '--yes'])).code, 3);

    const { code, stderr } = await kt.run(['acls', 'list']);
    assert.equal(code, 3);
    assert.match(stderr, /the brokers have no authorizer/);
  });
}

interface Listed {
  readonly entity: object;
  readonly quotas: object;
}
