/** The words of kafka-acls mean the rules that they mean there; what cannot be meant is refused before anything is sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../../../src/cli/program.ts';
import { filtersOf, rulesOf } from '../../../../src/commands/acls/options.ts';
import { commands } from '../../../../src/commands/index.ts';

async function optionsOf(verb: string, line: string) {
  const parsed = await parse(commands, ['acls', verb, ...line.split(' ')], {});
  assert.ok(parsed.kind === 'run');
  // biome-ignore lint/suspicious/noExplicitAny: the options of the one command that was parsed.
  return parsed.options as any;
}

async function rules(line: string): Promise<string[]> {
  return rulesOf(await optionsOf('create', line)).map(
    ({ permission, operation, resourceType, resourceName, patternType, principal, host }) =>
      `${permission} ${operation} ${resourceType} ${resourceName} ${patternType} ${principal} ${host}`,
  );
}

async function filters(line: string): Promise<string[]> {
  return filtersOf('acls delete', await optionsOf('delete', line)).map(
    ({ permission, operation, resourceType, resourceName, patternType, principal, host }) =>
      `${permission} ${operation} ${resourceType} ${resourceName} ${patternType} ${principal} ${host}`,
  );
}

test('each combination is a rule; without an operation ALL, without a host every one', async () => {
  assert.deepEqual(await rules('--allow-principal User:a --topic t'), ['ALLOW ALL TOPIC t LITERAL User:a *']);
  const many = '--allow-principal User:a --allow-principal User:b --allow-host 1.1.1.1 --deny-principal User:c';
  assert.deepEqual(await rules(`${many} --operation read --operation DescribeConfigs --topic t`), [
    'ALLOW READ TOPIC t LITERAL User:a 1.1.1.1',
    'ALLOW READ TOPIC t LITERAL User:b 1.1.1.1',
    'DENY READ TOPIC t LITERAL User:c *',
    'ALLOW DESCRIBE_CONFIGS TOPIC t LITERAL User:a 1.1.1.1',
    'ALLOW DESCRIBE_CONFIGS TOPIC t LITERAL User:b 1.1.1.1',
    'DENY DESCRIBE_CONFIGS TOPIC t LITERAL User:c *',
  ]);
});

test('producers and consumers get what they need; the cluster is never a prefix', async () => {
  const producer = '--producer --idempotent --topic t- --transactional-id x- --resource-pattern-type prefixed';
  assert.deepEqual(await rules(`--allow-principal User:a ${producer}`), [
    'ALLOW WRITE TOPIC t- PREFIXED User:a *',
    'ALLOW DESCRIBE TOPIC t- PREFIXED User:a *',
    'ALLOW CREATE TOPIC t- PREFIXED User:a *',
    'ALLOW WRITE TRANSACTIONAL_ID x- PREFIXED User:a *',
    'ALLOW DESCRIBE TRANSACTIONAL_ID x- PREFIXED User:a *',
    'ALLOW IDEMPOTENT_WRITE CLUSTER kafka-cluster LITERAL User:a *',
  ]);
  assert.deepEqual(await rules('--allow-principal User:a --consumer --topic t --group g'), [
    'ALLOW READ TOPIC t LITERAL User:a *',
    'ALLOW DESCRIBE TOPIC t LITERAL User:a *',
    'ALLOW READ GROUP g LITERAL User:a *',
  ]);
});

test('what is left out of a filter fits everything', async () => {
  assert.deepEqual(await filters('--topic t'), ['null null TOPIC t LITERAL null null']);
  assert.deepEqual(await filters('--principal User:a'), ['null null null null ANY User:a null']);
  assert.deepEqual(await filters('--deny-host 1.1.1.1 --operation read --group g --resource-pattern-type match'), [
    'DENY READ GROUP g MATCH null 1.1.1.1',
  ]);
  assert.deepEqual(await filters('--allow-principal User:a --consumer --topic t --group g'), [
    'ALLOW READ TOPIC t LITERAL User:a null',
    'ALLOW DESCRIBE TOPIC t LITERAL User:a null',
    'ALLOW READ GROUP g LITERAL User:a null',
  ]);
});

test('what cannot be meant is a usage error that says what to type', async () => {
  const cases: readonly [string, RegExp][] = [
    ['--topic t', /it is not said who/],
    ['--allow-principal User:a', /it is not said on what/],
    ['--allow-host 1.1.1.1 --topic t', /--allow-host without --allow-principal/],
    ['--allow-principal alice --topic t', /alice \(not a principal\)/],
    ['--allow-principal User:a --topic t --operation fly', /fly \(no operation of an ACL\)/],
    ['--allow-principal User:a --group g --operation write', /WRITE \(nothing that can be done with a group\)/],
    ['--allow-principal User:a --topic * --resource-pattern-type prefixed', /no name begins with it/],
    ['--allow-principal User:a --topic t --resource-pattern-type match', /match \(not one of literal, prefixed\)/],
    ['--allow-principal User:a --topic t --idempotent', /--idempotent without --producer/],
    ['--allow-principal User:a --consumer --topic t', /--consumer without --group/],
    ['--allow-principal User:a --producer --group g', /--producer with --group/],
    ['--allow-principal User:a --producer --transactional-id x', /--producer without --topic/],
    ['--allow-principal User:a --producer --topic t --operation READ', /--producer with --operation/],
  ];
  for (const [line, message] of cases) await assert.rejects(rules(line), { kind: 'usage', message }, line);
});
