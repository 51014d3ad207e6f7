/** Whoever administers a secured cluster with kt has the rules that Kafka's own tool makes, and knows beforehand who may do what. */
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { randomOf } from '../fuzz/random.ts';
import { ownCluster } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { kt } from '../support/kt.ts';
import { until, untilEqual } from '../support/until.ts';
import { tryWhoCan } from '../support/who-can.ts';

const tools = { '3.7.0': 'kafka.admin.AclCommand', '4.3.1': 'org.apache.kafka.tools.AclCommand' } as const;
const clusters = await Promise.all(
  Object.entries(tools).map(async ([kafkaVersion, tool], index) => {
    const cluster = await ownCluster(
      { after },
      {
        ...{ kafkaVersion, security: 'sasl_ssl', listeners: ['SASL_PLAINTEXT'] },
        serverConfig: { 'delegation.token.secret.key': randomUUID() },
      },
    );
    const program = index === 0 ? ('node' as const) : ('binary' as const);
    const run = (args: readonly string[], config = cluster.clientProperties!, stdin = '') =>
      kt([...args, '--command-config', config], { program, stdin });
    const kafkaTool = (name: string, ...args: readonly string[]) =>
      javaTool(cluster.classpath!, name, [
        ...['--bootstrap-server', cluster.bootstrapServers, '--command-config', cluster.clientProperties!],
        ...args,
      ]);
    const acls = (...args: readonly string[]) => kafkaTool(tool, ...args);
    const rows = async (args: readonly string[], stdin = '') => {
      const { code, stdout, stderr } = await run([...args, '-o', 'json'], undefined, stdin);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as Row[];
    };
    return { kafkaVersion, cluster, run, rows, acls, kafkaTool };
  }),
);

type Row = Readonly<Record<string, string>>;

/** A rule without the principal, as a line. */
function line({ resourceType, resourceName, patternType, host, operation, permission }: Row): string {
  return [resourceType, resourceName, patternType, host, operation, permission].join(' ');
}

/** The rules about a principal that kafka-acls prints. */
function printed(text: string, principal: string): string[] {
  const lines: string[] = [];
  let resource = '';
  for (const each of text.split('\n')) {
    const [, type, name, pattern] = /ResourcePattern\(resourceType=(\w+), name=(.*), patternType=(\w+)\)/.exec(each) ?? [];
    if (type) resource = `${type} ${name} ${pattern}`;
    const [, who, host, operation, permission] =
      /\(principal=(.*), host=(.*), operation=(\w+), permissionType=(\w+)\)/.exec(each) ?? [];
    if (who === principal) lines.push(`${resource} ${host} ${operation} ${permission}`);
  }
  return [...new Set(lines)].sort();
}

for (const { kafkaVersion, run, rows, acls, cluster } of clusters) {
  test(`Kafka ${kafkaVersion}: the words of kafka-acls make the same rules, and both tools see them`, async () => {
    const [topic, group] = [`topic-${randomUUID()}`, `group-${randomUUID()}`];
    const [ours, theirs] = [`User:kt-${randomUUID()}`, `User:java-${randomUUID()}`];
    const words = ['--producer', '--consumer', '--topic', topic, '--group', group, '--transactional-id', 'tx', '--idempotent'];
    await acls('--add', '--allow-principal', theirs, ...words, '--resource-pattern-type', 'prefixed');
    const create = ['acls', 'create', '--allow-principal', ours, ...words, '--resource-pattern-type', 'prefixed'];
    const dry = await rows([...create, '--dry-run']);
    assert.ok(dry.every(({ status }) => status === 'valid'));
    assert.deepEqual(await rows(['acls', 'list', '--principal', ours]), []);
    const created = await rows(create);
    assert.deepEqual(new Set(created.map(({ status }) => status)), new Set(['created']));
    const byPrincipal = async (who: string) => (await rows(['acls', 'list', '--principal', who])).map(line).sort();
    assert.deepEqual(await byPrincipal(ours), created.map(line).sort());
    const mine = (await byPrincipal(ours)).map(asLiteralCluster);
    await untilEqual(async () => (await byPrincipal(theirs)).map(asLiteralCluster), mine);
    assert.deepEqual(printed(await acls('--list'), ours), await byPrincipal(ours));

    const again = await rows([...create, '--allow-principal', `${ours}2`]);
    assert.deepEqual(
      new Set(again.filter(({ principal }) => principal === ours).map(({ status }) => status)),
      new Set(['exists']),
    );
    assert.equal(again.filter(({ status }) => status === 'created').length, created.length);

    // A topic of which only the beginning is named by the rules.
    const covered = ['acls', 'list', '--topic', `${topic}-2`, '--principal', ours];
    const literal = await run(covered);
    assert.match(literal.stderr, /^4 more rules apply by a prefix or as \*/);
    assert.equal((await rows([...covered, '--resource-pattern-type', 'match'])).length, 4);

    const remove = ['acls', 'delete', '--principal', ours];
    const unanswered = await run(remove);
    assert.equal(unanswered.code, 2);
    assert.ok(
      unanswered.stderr.includes(`Delete these ${created.length} rules on ${cluster.bootstrapServers} (`),
      unanswered.stderr,
    );
    assert.match(unanswered.stderr, /\)\? \(nobody to ask without a terminal\)/);
    assert.ok((await rows([...remove, '--dry-run'])).every(({ status }) => status === 'valid'));
    const deleted = await rows([...remove, '--force', '-q']);
    assert.deepEqual(deleted.map(line).sort(), created.map(line).sort());
    assert.ok(deleted.every(({ status }) => status === 'deleted'));
    assert.deepEqual(await byPrincipal(ours), []);
    assert.deepEqual(printed(await acls('--list'), ours), []);
    assert.equal((await byPrincipal(theirs)).length, created.length);
    for (const who of [theirs, `${ours}2`]) await rows(['acls', 'delete', '--principal', who, '--yes', '-q']);
  });

  test(`Kafka ${kafkaVersion}: a check of one principal; and who lacks a permission learns which`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'kt-denied-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const topic = `topic-${randomUUID()}`;
    const alice = cluster.aliceProperties!;
    const rules = join(folder, 'rules.yaml');
    writeFileSync(rules, `acls:\n  - {principal: "User:bob", resourceType: TOPIC, resourceName: ${topic}, operations: READ}\n`);
    assert.equal((await run(['topics', 'create', topic])).code, 0);
    const controller = ['-i', '9', '-d', 'yIwsHvbKAMoo3yRA0DcNyQ'];
    const all = 'on the cluster';
    for (const [missing, ...args] of [
      [`DESCRIBE ${all}`, 'acls', 'list'],
      [`DESCRIBE ${all}`, 'acls', 'who-can', 'read', 'topic', topic],
      [`ALTER ${all}`, 'acls', 'create', '--allow-principal', 'User:alice', '--topic', topic],
      [`ALTER ${all}`, 'acls', 'delete', '--topic', topic, '--yes'],
      [`ALTER ${all}`, 'topics', 'apply', rules],
      [`DESCRIBE ${all}`, 'users', 'list'],
      [`DESCRIBE ${all}`, 'users', 'set', 'bob', '--password-file', '-'],
      [`DESCRIBE ${all}`, 'users', 'delete', 'bob', '--yes'],
      [`DESCRIBE_CONFIGS ${all}`, 'quotas', 'list'],
      [`DESCRIBE_CONFIGS ${all}`, 'quotas', 'set', '--user', 'bob', '--producer-byte-rate', '1MiB'],
      [`DESCRIBE_CONFIGS ${all}`, 'quotas', 'delete', '--user', 'bob', '--yes'],
      ['DESCRIBE on transactional id tx', 'transactions', 'describe', 'tx'],
      ['DESCRIBE on transactional id tx', 'transactions', 'abort', 'tx', '--yes'],
      [`READ on topic ${topic}`, 'transactions', 'find-hanging', '--topic', topic],
      [`READ on topic ${topic}`, 'transactions', 'abort', '--topic', topic, '--partition', '0', '--start-offset', '0', '--yes'],
      [`READ on topic ${topic}`, 'producers', topic],
      [`ALTER ${all}`, 'cluster', 'features', 'upgrade', '--feature', 'metadata.version=999', '--yes'],
      [`ALTER ${all}`, 'cluster', 'features', 'downgrade', '--feature', 'metadata.version=1', '--yes'],
      [`ALTER ${all}`, 'cluster', 'features', 'disable', '--feature', 'metadata.version', '--yes'],
      [`ALTER ${all}`, 'cluster', 'unregister', '77', '--yes'],
      [`DESCRIBE ${all}`, 'cluster', 'quorum'],
      ...(kafkaVersion === '3.7.0'
        ? []
        : [
            [`DESCRIBE ${all}`, 'cluster', 'quorum', 'add-controller', ...controller, '--listener', 'C://h:1'],
            [`DESCRIBE ${all}`, 'cluster', 'quorum', 'remove-controller', ...controller, '--yes'],
            [`DESCRIBE on topic ${topic}`, 'tail', topic, '--share-group', 'g'],
          ]),
    ] as const) {
      const words = [...args, '--command-config', alice];
      const { code, stdout, stderr } = await kt(words, { program: 'binary', stdin: 'secret-of-bob' });
      assert.equal(code, 3, `kt ${args.join(' ')}\n${stdout}${stderr}`);
      assert.ok(stderr.includes(`(no permission: ${missing})\nhint: this user needs ${missing};`), stderr);
      assert.ok(!stderr.includes('secret-of-bob'));
    }
    const listed = await run(['transactions', 'list', '-o', 'json'], alice);
    assert.deepEqual([listed.code, listed.stdout], [0, '[]\n']);
    assert.equal(listed.stderr, 'Kafka lists only the transactions that this user may describe; there may be others\n');
    const ask = ['acls', 'who-can', 'read', 'topic', topic, '--principal', 'User:alice', '-q'];
    const before = await run(ask);
    assert.equal(before.code, 1);
    assert.match(before.stderr, /User:alice may not READ TOPIC .* \(no rule allows it\)/);
    await rows(['acls', 'create', '--allow-principal', 'User:alice', '--operation', 'Read', '--topic', topic]);
    assert.equal((await run(ask)).code, 0);
    assert.equal((await run(['produce', topic, '-m', 'x'])).code, 0);
    assert.equal((await run(['tail', topic, '--from-beginning', '-e'], alice)).code, 0);
    await rows(['acls', 'create', '--deny-principal', 'User:*', '--operation', 'Read', '--topic', topic]);
    const after = await run([...ask, '-o', 'json']);
    assert.equal(after.code, 1);
    const [verdict] = JSON.parse(after.stdout);
    assert.deepEqual([verdict.permission, verdict.rules.length, verdict.rules[0].principal], ['DENY', 1, 'User:*']);
    assert.equal((await run(['tail', topic, '--from-beginning', '-e'], alice)).code, 3);
    await rows(['acls', 'delete', '--topic', topic, '--yes', '-q']);
  });

  test(`Kafka ${kafkaVersion}: a user gets a password, signs in with it, and no longer when it is deleted`, async () => {
    const user = `user-${randomUUID()}`;
    const password = `pass wörd-${randomUUID()}`;
    const login = (secret: string, mechanism: string) =>
      kt([
        ...['topics', 'list', '-b', cluster.bootstrapServers, '-X', 'security.protocol=SASL_PLAINTEXT'],
        ...['-X', `sasl.mechanism=${mechanism}`, '-X', `sasl.username=${user}`, '-X', `sasl.password=${secret}`],
      ]);
    const [made] = await rows(['users', 'set', user, '--password-file', '-'], `${password}\n`);
    assert.deepEqual([made!['status'], made!['mechanism'], made!['iterations']], ['created', 'SCRAM-SHA-512', 8192]);
    assert.equal((await login(password, 'SCRAM-SHA-512')).code, 0);
    assert.equal((await login('another', 'SCRAM-SHA-512')).code, 4);
    await rows(
      ['users', 'set', user, '--mechanism', 'SCRAM-SHA-256', '--iterations', '4096', '--password-file', '-'],
      'second',
    );
    assert.equal((await login('second', 'SCRAM-SHA-256')).code, 0);
    const [changed] = await rows(['users', 'set', user, '--password-file', '-'], 'third');
    assert.equal(changed!['status'], 'changed');
    assert.equal((await login('third', 'SCRAM-SHA-512')).code, 0);
    assert.equal((await login(password, 'SCRAM-SHA-512')).code, 4);
    const [listed] = await rows(['users', 'list', user]);
    assert.deepEqual(listed, {
      user,
      credentials: [
        { mechanism: 'SCRAM-SHA-256', iterations: 4096 },
        { mechanism: 'SCRAM-SHA-512', iterations: 8192 },
      ],
    });
    await rows(['users', 'delete', user, '--mechanism', 'SCRAM-SHA-256', '--yes']);
    assert.equal((await login('second', 'SCRAM-SHA-256')).code, 4);
    await rows(['users', 'delete', user, '--yes']);
    assert.equal((await login('third', 'SCRAM-SHA-512')).code, 4);
    const gone = await run(['users', 'list', user]);
    assert.equal(gone.code, 3);
    assert.match(gone.stderr, /it has no SCRAM credentials/);
  });
}

for (const { kafkaVersion, run, rows, cluster, kafkaTool } of clusters) {
  const delegationTokens = (...args: readonly string[]) => kafkaTool('org.apache.kafka.tools.DelegationTokenCommand', ...args);

  test(`Kafka ${kafkaVersion}: a delegation token; its secret is in a file of its own and nowhere else`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'kt-token-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'job.token');
    const nowhere = await run(['tokens', 'create']);
    assert.equal(nowhere.code, 2);
    const create = ['tokens', 'create', '--hmac-file', file, '--renewer', 'User:alice', '--max-lifetime', '1h'];
    const [token] = await rows(create);
    const secret = readFileSync(file, 'utf8').trim();
    assert.deepEqual([token!['owner'], token!['renewers'], token!['status']], ['User:admin', ['User:alice'], 'created']);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(secret.length > 40 && !JSON.stringify(token).includes(secret));
    assert.equal((await run(create)).code, 2);
    const described = ['--describe', '--owner-principal', 'User:admin'];
    let beside: string | undefined;
    await until(async () => {
      beside = (await delegationTokens(...described)).split('\n').find((each) => each.startsWith(token!['tokenId']!));
      return beside !== undefined;
    }, 'kafka-delegation-tokens shows the token');
    const [, hmac, owner] = beside!.trim().split(/\s+/);
    assert.deepEqual([hmac, owner], [secret, 'User:admin']);
    assert.ok(beside!.includes('User:alice'), beside);

    const alice = cluster.aliceProperties!;
    const listed = await run(['tokens', 'list', '-o', 'json'], alice);
    const seen = JSON.parse(listed.stdout).find(({ tokenId }: Row) => tokenId === token!['tokenId']);
    assert.ok(seen && !listed.stdout.includes(secret));
    const renewed = await run(['tokens', 'renew', token!['tokenId']!, '--period', '10m', '-o', 'json'], alice);
    assert.equal(renewed.code, 0, renewed.stderr);
    assert.ok(JSON.parse(renewed.stdout)[0].expiryTime < seen.expiryTime);
    assert.equal((await run(['tokens', 'expire', token!['tokenId']!])).code, 2);
    assert.equal((await rows(['tokens', 'expire', token!['tokenId']!, '--yes', '-q']))[0]!['status'], 'expired');
    await until(
      async () => !(await rows(['tokens', 'list'])).some(({ tokenId }) => tokenId === token!['tokenId']),
      'the token to be gone',
    );
    assert.equal((await run(['tokens', 'renew', token!['tokenId']!])).code, 3);
  });

  test(`Kafka ${kafkaVersion}: levels of features are tried out and changed; a broker that runs is not unregistered`, async () => {
    const features = async (): Promise<Record<string, string>> => {
      const { stdout } = await run(['cluster', 'features', '-o', 'json']);
      const list: { feature: string; finalized: { name: string } }[] = JSON.parse(stdout).features;
      return Object.fromEntries(list.map(({ feature, finalized }) => [feature, finalized.name]));
    };
    const now = (await features())['metadata.version']!;
    const text = await kafkaTool('org.apache.kafka.tools.FeatureCommand', 'describe');
    const levels = [...text.matchAll(/^Feature: (\S+)\s.*FinalizedVersionLevel: (\S+)/gm)].map(([, feature, level]) => [
      feature,
      level,
    ]);
    const mine = await features();
    assert.ok(levels.length > 0, text);
    for (const [feature, level] of levels) assert.equal(mine[feature!] ?? '0', level, feature);
    const status = async (...args: string[]) => (await rows(['cluster', 'features', ...args])).map((row) => row['status']);
    assert.deepEqual(await status('upgrade', '--metadata', now), ['unchanged']);
    const beyond = await run(['cluster', 'features', 'upgrade', '--feature', 'metadata.version=999', '--dry-run']);
    assert.equal(beyond.code, 3);
    assert.match(beyond.stderr, /feature metadata.version not changed \(/);
    const { code, stderr } = await run(['cluster', 'features', 'disable', '--feature', 'metadata.version']);
    assert.equal(code, 2);
    assert.match(stderr, /Disable metadata.version on .*\? \(nobody to ask/);
    const denied = await run(
      ['cluster', 'features', 'upgrade', '--feature', 'metadata.version=1', '--yes'],
      cluster.aliceProperties!,
    );
    assert.equal(denied.code, 3);
    if (kafkaVersion === '4.3.1') {
      const enabled = Number((await features())['share.version'] ?? 0);
      const [from, to] = [String(enabled), String(1 - enabled)];
      const verb = enabled === 0 ? 'upgrade' : 'downgrade';
      assert.deepEqual(await status(verb, '--feature', `share.version=${to}`, '--dry-run'), ['valid']);
      assert.equal((await features())['share.version'], from);
      assert.deepEqual(await status(verb, '--feature', `share.version=${to}`, '--yes'), ['changed']);
      assert.equal((await features())['share.version'], to);
    }
    assert.equal((await run(['cluster', 'unregister', '1', '--yes'])).code, 2);
    const unknown = await run(['cluster', 'unregister', '77', '--yes']);
    assert.equal(unknown.code, 3);
    assert.match(unknown.stderr, /no broker has this id/);
  });
}

/** kafka-acls of some releases gives the cluster's rule the pattern type of the others; there is only the one name all the same. */
function asLiteralCluster(text: string): string {
  return text.replace(/^(CLUSTER \S+) \w+/, '$1');
}

test('what the rules say agrees with the broker for users who really try', async () => {
  const seed = randomInt(2 ** 31);
  const { cluster } = clusters.at(-1)!;
  const { count, allowed } = await tryWhoCan(cluster, 300, randomOf(seed)).catch((error) => {
    throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
  });
  assert.ok(allowed > 10 && allowed < count - 10, `${allowed} of ${count} allowed`);
});

for (const { kafkaVersion, cluster, run, rows, acls } of clusters.slice(-1)) {
  test(`Kafka ${kafkaVersion}: who may do what is kept in a file: planned, applied, checked, pruned, exported`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'kt-access-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const [topic, user, stray] = [`topic-${randomUUID()}`, `user-${randomUUID()}`, `User:stray-${randomUUID()}`];
    const path = join(folder, 'access.yaml');
    const resource = `resourceType: TOPIC, resourceName: ${topic}`;
    const text = `acls:
  - {principal: "User:${user}", ${resource}, operations: [READ, DESCRIBE]}
  - {principal: "User:${user}", resourceType: GROUP, resourceName: ${user}-, patternType: PREFIXED, operations: READ}
users:
  - {name: ${user}, mechanisms: [SCRAM-SHA-512]}
quotas:
  - {user: ${user}, consumer_byte_rate: 10MiB}
`;
    writeFileSync(path, text);
    const apply = ['topics', 'apply', '-f', path];
    const without = await run(apply);
    assert.equal(without.code, 3);
    assert.match(without.stderr, /has no SCRAM-SHA-512 password \(a file cannot give it one\)\nhint: kt users set user-/);
    await rows(['users', 'set', user, '--password-file', '-'], 'secret');
    await rows(['acls', 'delete', '--principal', `User:${user}`, '--operation', 'READ', '--yes', '-q']);
    const missing = await run([...apply, '--check']);
    assert.equal(missing.code, 1);
    assert.match(missing.stdout, new RegExp(`\\+ create +TOPIC +${topic} +LITERAL +User:${user} +\\* +READ +ALLOW +planned`));
    assert.match(
      missing.stderr,
      new RegExp(`kt: 2 rules differ from the files: ALLOW READ on GROUP ${user}-… to User:${user},`),
    );
    const statuses = (outcomes: readonly Row[]) => outcomes.map((row) => `${row['subject']} ${row['action']} ${row['status']}`);
    assert.deepEqual(statuses(await rows([...apply, '--dry-run'])).sort(), [
      ...['acl create valid', 'acl create valid', 'acl none unchanged', 'quota none unchanged', 'user none unchanged'],
    ]);
    assert.equal((await run(apply)).code, 0);
    const literal = (operation: string) => `TOPIC ${topic} LITERAL * ${operation} ALLOW`;
    const ours = [`GROUP ${user}- PREFIXED * READ ALLOW`, literal('DESCRIBE'), literal('READ')];
    assert.deepEqual(printed(await acls('--list'), `User:${user}`), ours);
    const clean = await run([...apply, '--check']);
    assert.deepEqual([clean.code, clean.stderr], [0, 'no drift: all rules, users and quotas match the files\n'], clean.stdout);

    await acls('--add', '--allow-principal', stray, '--operation', 'Write', '--topic', topic);
    await acls('--remove', '--force', '--allow-principal', `User:${user}`, '--operation', 'Read', '--topic', topic);
    await javaTool(cluster.classpath!, 'kafka.admin.ConfigCommand', [
      ...['--bootstrap-server', cluster.bootstrapServers, '--command-config', cluster.clientProperties!, '--alter'],
      ...['--entity-type', 'users', '--entity-name', user],
      ...['--add-config', 'consumer_byte_rate=1000,request_percentage=50'],
    ]);
    await rows(['users', 'set', user, '--mechanism', 'SCRAM-SHA-256', '--password-file', '-'], 'other');
    const drifted = await run([...apply, '--check']);
    assert.equal(drifted.code, 1);
    assert.match(drifted.stdout, new RegExp(`\\? unmanaged +TOPIC +${topic} .*${stray} .* WRITE +ALLOW +unmanaged`));
    assert.match(drifted.stdout, new RegExp(`~ change +${user} .*consumer_byte_rate +1000B/s +10MiB/s +planned`));
    const asked = await run([...apply, '--prune']);
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /Delete 1 rule, 1 password and 1 quota on \S+ \(/);
    assert.ok(asked.stderr.includes(`ALLOW WRITE on TOPIC ${topic} to ${stray}\n`), asked.stderr);
    const pruned = await run([...apply, '--prune', '--yes']);
    assert.equal(pruned.code, 0, pruned.stderr);
    const now = await acls('--list');
    assert.deepEqual([printed(now, stray), printed(now, `User:${user}`)], [[], ours]);
    assert.equal((await run([...apply, '--prune', '--check'])).code, 0);
    const [listed] = await rows(['users', 'list', user]);
    assert.deepEqual(listed!['credentials'], [{ mechanism: 'SCRAM-SHA-512', iterations: 8192 }]);

    const exported = await run(['topics', 'export', '--sections', 'quotas,users,acls']);
    assert.ok(exported.stdout.includes(`quotas:\n  - user: ${user}\n    consumer_byte_rate: 10MiB\n`), exported.stdout);
    const same = await run(['topics', 'apply', '-f', '-', '--prune', '--check'], undefined, exported.stdout);
    assert.equal(same.code, 0, same.stdout + same.stderr);

    // Whoever may see but not change it may check, and learns from dry runs what is lacking.
    await rows(['acls', 'create', '--allow-principal', 'User:alice', '--cluster', '--operation', 'DescribeConfigs']);
    await rows(['acls', 'create', '--allow-principal', 'User:alice', '--cluster', '--operation', 'Describe']);
    assert.equal((await run([...apply, '--check'], cluster.aliceProperties!)).code, 0);
    for (const args of [
      ['acls', 'delete', '--topic', topic],
      ['users', 'delete', user],
    ]) {
      const { code, stderr } = await run([...args, '--dry-run'], cluster.aliceProperties!);
      assert.deepEqual([code, /\(no permission: ALTER on the cluster\)/.test(stderr)], [3, true], stderr);
    }
    await rows(['acls', 'delete', '--principal', 'User:alice', '--yes', '-q']);
    await rows(['acls', 'delete', '--principal', `User:${user}`, '--yes', '-q']);
    await rows(['quotas', 'delete', '--user', user, '--yes']);
    await rows(['users', 'delete', user, '--yes']);
  });
}
