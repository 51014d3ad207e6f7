/** Really tries, as each of some users, what kt says about who may do what: random rules on a secured broker. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createAcls } from '../../src/core/acls/create.ts';
import { deleteAcls } from '../../src/core/acls/delete.ts';
import { everyRule, listAcls } from '../../src/core/acls/list.ts';
import { type AclRule, type Operation, operationsOf, type ResourceType } from '../../src/core/acls/rule.ts';
import { bearingOn, verdictOn } from '../../src/core/acls/who-can.ts';
import { setUser } from '../../src/core/users/change.ts';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { connect } from '../../src/kafka/connect.ts';
import type { LocalCluster } from '../../src/local/cluster.ts';
import { until } from './until.ts';

/** Asks about topics and groups of these names; one begins as another does. */
const tails = ['a', 'ab', 'b', 'ba'];
/** As the broker sees this machine, and another that asks nothing. */
const here = '127.0.0.1';
const elsewhere = '10.9.9.9';
/** The newest versions that name topics. */
const byName = { maxVersion: 12 };
const denied = { TOPIC: 29, GROUP: 30, TRANSACTIONAL_ID: 53 } as const;
type AskedType = keyof typeof denied;
const asked: Readonly<Record<AskedType, readonly Operation[]>> = {
  TOPIC: operationsOf.TOPIC,
  GROUP: ['READ', 'DELETE', 'DESCRIBE'],
  TRANSACTIONAL_ID: ['WRITE', 'DESCRIBE'],
};

/** One way to try an operation on resources of these names: the error code of each. */
type Attempt = (cluster: Cluster, names: readonly string[]) => Promise<readonly (readonly [string, number])[]>;

/** Nothing of all this changes anything where it is allowed. */
const attempts: Readonly<Record<string, Attempt>> = {
  async 'TOPIC READ'(cluster, names) {
    const partition = { partition: 0, fetchOffset: 0n, partitionMaxBytes: 1 };
    const topics = names.map((topic) => ({ topic, partitions: [partition] }));
    const { responses } = await cluster.request('Fetch', { maxWaitMs: 0, minBytes: 0, topics }, { broker: 1 }, byName);
    return responses.map(({ topic, partitions }) => [topic, partitions[0]!.errorCode]);
  },
  async 'TOPIC WRITE'(cluster, names) {
    const topicData = names.map((name) => ({ name, partitionData: [{ index: 0, records: Buffer.alloc(0) }] }));
    const body = { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData };
    const { responses } = await cluster.request('Produce', body, { broker: 1 }, byName);
    return responses.map(({ name, partitionResponses }) => [name, partitionResponses[0]!.errorCode]);
  },
  async 'TOPIC CREATE'(cluster, names) {
    const topics = names.map((name) => ({ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }));
    const { topics: results } = await cluster.request('CreateTopics', { topics, validateOnly: true }, 'controller');
    return results.map(({ name, errorCode }) => [name, errorCode]);
  },
  async 'TOPIC DELETE'(cluster, names) {
    const topics = names.map((name) => ({ name, partitions: [{ partitionIndex: 0, offset: 0n }] }));
    const answer = await cluster.request('DeleteRecords', { topics, timeoutMs: 1_000 }, { broker: 1 });
    return answer.topics.map(({ name, partitions }) => [name, partitions[0]!.errorCode]);
  },
  async 'TOPIC ALTER'(cluster, names) {
    const topics = names.map((name) => ({ name, count: 1, assignments: null }));
    const body = { topics, timeoutMs: 1_000, validateOnly: true };
    const { results } = await cluster.request('CreatePartitions', body, 'controller');
    return results.map(({ name, errorCode }) => [name, errorCode]);
  },
  async 'TOPIC DESCRIBE'(cluster, names) {
    const { topics } = await cluster.metadata(names);
    return names.map((name) => [name, topics.get(name)!.errorCode]);
  },
  async 'TOPIC DESCRIBE_CONFIGS'(cluster, names) {
    const resources = names.map((resourceName) => ({ resourceType: 2, resourceName, configurationKeys: [] }));
    const { results } = await cluster.request('DescribeConfigs', { resources });
    return results.map(({ resourceName, errorCode }) => [resourceName, errorCode]);
  },
  async 'TOPIC ALTER_CONFIGS'(cluster, names) {
    const configs = [{ name: 'retention.ms', configOperation: 0, value: '60000' }];
    const resources = names.map((resourceName) => ({ resourceType: 2, resourceName, configs }));
    const { responses } = await cluster.request('IncrementalAlterConfigs', { resources, validateOnly: true }, 'controller');
    return responses.map(({ resourceName, errorCode }) => [resourceName, errorCode]);
  },
  'GROUP READ': (cluster, names) =>
    each(names, async (groupId) => {
      const body = { groupId, generationId: 1, memberId: 'nobody' };
      return (await cluster.request('Heartbeat', body, { broker: 1 })).errorCode;
    }),
  async 'GROUP DELETE'(cluster, names) {
    const { results } = await cluster.request('DeleteGroups', { groupsNames: names }, { broker: 1 });
    return results.map(({ groupId, errorCode }) => [groupId, errorCode]);
  },
  async 'GROUP DESCRIBE'(cluster, names) {
    const { groups } = await cluster.request('DescribeGroups', { groups: names }, { broker: 1 });
    return groups.map(({ groupId, errorCode }) => [groupId, errorCode]);
  },
  'TRANSACTIONAL_ID WRITE': (cluster, names) =>
    each(names, async (transactionalId) => {
      const body = { transactionalId, producerId: 1n, producerEpoch: 0, committed: false };
      return (await cluster.request('EndTxn', body, { broker: 1 })).errorCode;
    }),
  async 'TRANSACTIONAL_ID DESCRIBE'(cluster, names) {
    const { transactionStates } = await cluster.request('DescribeTransactions', { transactionalIds: names }, { broker: 1 });
    return transactionStates.map(({ transactionalId, errorCode }) => [transactionalId, errorCode]);
  },
};

function each(names: readonly string[], ask: (name: string) => Promise<number>): ReturnType<Attempt> {
  return Promise.all(names.map(async (name) => [name, await ask(name)] as const));
}

/**
 * Asks at least so many questions, under as many random sets of rules as that takes; fails at the first answer that differs from the broker's.
 * @param local a cluster with the authorizer, for the test alone
 * @returns how many questions were asked, and how many of them the broker allowed
 */
export async function tryWhoCan(local: LocalCluster, questions: number, random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const run = randomUUID().slice(0, 8);
  const names = tails.map((tail) => `${run}-${tail}`);
  const admin = await as(local, { mechanism: 'PLAIN', username: 'admin', password: local.credentials['admin']! });
  const users = await Promise.all(['u', 'v'].map((name) => newUser(local, admin, `${name}-${run}`)));
  const topics = names.map((name) => ({ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }));
  await admin.request('CreateTopics', { topics, timeoutMs: 10_000 }, 'controller');
  await until(
    async () => [...(await admin.metadata(names)).topics.values()].every((topic) => topic.partitions[0]?.leader === 1),
    'topics',
  );
  const rule = (): AclRule => {
    const resourceType = pick(Object.keys(asked) as AskedType[]);
    const patternType = random() < 0.5 ? 'LITERAL' : 'PREFIXED';
    return {
      resourceType,
      patternType,
      resourceName: patternType === 'LITERAL' && random() < 0.25 ? '*' : pick(names),
      principal: random() < 0.25 ? 'User:*' : `User:${pick(users).name}`,
      host: pick(['*', '*', here, elsewhere]),
      operation: pick([...asked[resourceType], 'ALL']),
      permission: random() < 0.75 ? 'ALLOW' : 'DENY',
    };
  };
  let count = 0;
  let allowed = 0;
  try {
    while (count < questions) {
      const rules = Array.from({ length: 3 + Math.floor(random() * 18) }, rule);
      for (const { status, error } of await createAcls(admin, rules, false)) assert.equal(status, 'created', error?.message);
      for (const [what, attempt] of Object.entries(attempts)) {
        const [resourceType, operation] = what.split(' ') as [AskedType, Operation];
        for (const { name: user, cluster } of users)
          for (const [resourceName, errorCode] of await attempt(cluster, names)) {
            const { permission } = await kts(admin, resourceType, resourceName, operation, user);
            const real = errorCode === denied[resourceType] ? 'DENY' : 'ALLOW';
            assert.equal(permission, real, `${user} ${what} ${resourceName} ${errorCode}: ${JSON.stringify(rules, null, 1)}`);
            count += 1;
            if (real === 'ALLOW') allowed += 1;
          }
      }
      const gone = await deleteAcls(admin, await listAcls(admin, [everyRule]));
      assert.ok(gone.every(({ status }) => status === 'deleted'));
    }
  } finally {
    await Promise.all([admin, ...users.map(({ cluster }) => cluster)].map((cluster) => cluster.close()));
  }
  return { count, allowed };
}

/** kt's answer, from the rules that the broker names for the resource. */
async function kts(admin: Cluster, resourceType: ResourceType, resourceName: string, operation: Operation, user: string) {
  const rules = await listAcls(admin, [{ ...everyRule, resourceType, resourceName, patternType: 'MATCH' }]);
  return verdictOn(bearingOn({ operation, resourceType, resourceName }, rules), `User:${user}`, here);
}

async function newUser(local: LocalCluster, admin: Cluster, name: string) {
  const password = randomUUID();
  const { error } = await setUser(admin, { user: name, mechanism: 'SCRAM-SHA-256', iterations: 4_096, password });
  assert.equal(error, undefined);
  return { name, cluster: await as(local, { mechanism: 'SCRAM-SHA-256', username: name, password }) };
}

function as(local: LocalCluster, sasl: NonNullable<Parameters<typeof connect>[0]['sasl']>): Promise<Cluster> {
  const [host, port] = local.listeners.SASL_PLAINTEXT!.split(':');
  const bootstrapServers = [{ host: host!, port: Number(port) }];
  const settings = { bootstrapServers, clientId: 'kt-test', timeoutMs: 60_000, addressMap: new Map(), sasl };
  return connect(settings, { signal: new AbortController().signal });
}
