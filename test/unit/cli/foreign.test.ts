/** Lines of other tools, typed to kt, are answered with kt's line for the same job. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { parse } from '../../../src/cli/program.ts';
import { commands } from '../../../src/commands/index.ts';
import { firstGuesses, fromManuals } from '../../support/foreign-guesses.ts';
import {
  foreignTimes,
  guessedWords,
  heldOutAgain,
  plansOnly,
  verbsAndOptions,
  withoutCommand,
  withProperties,
} from '../../support/foreign-later.ts';
import { foreignLines, heldOut, shellWords, typedToKt } from '../../support/foreign-lines.ts';

/** What kt says to a line: its hint, or that it understood. */
async function answer(argv: readonly string[]): Promise<string> {
  try {
    const parsed = await parse(commands, argv, {});
    return parsed.kind === 'run' ? `kt runs ${parsed.command.name}` : parsed.kind;
  } catch (error) {
    assert.ok(error instanceof KtError && error.kind === 'usage', String(error));
    return error.hint ?? '';
  }
}

const said = (line: string) => answer(shellWords(line).slice(1));

for (const [typed, kt] of [
  ...foreignLines,
  ...heldOut,
  ...firstGuesses,
  ...fromManuals,
  ...withoutCommand,
  ...heldOutAgain,
  ...guessedWords,
  ...withProperties,
  ...foreignTimes,
  ...plansOnly,
  ...verbsAndOptions,
]) {
  test(`${typed} → ${kt}`, async () => {
    // The order of options does not matter.
    const sorted = (line: string) => shellWords(line).toSorted();
    assert.deepEqual(sorted(await answer(typedToKt(typed))), sorted(kt));
  });
}

test('a line that was copied whole is understood too, with the name of its tool', async () => {
  assert.equal(await said('kt kafka-topics.sh --list'), 'kt topics list');
  assert.equal(await said('kt bin/kafka-topics.sh --describe --topic x'), 'kt topics describe x');
  assert.equal(await said('kt kcat -b h:1 -L'), 'kt topics describe -b h:1');
  assert.equal(await said('kt rpk group list'), 'kt groups list');
  assert.equal(await said('kt kaf topics'), 'kt topics list');
});

test('first guesses of newcomers lead to the right line', async () => {
  const guesses = {
    'kt topics --create --topic x --partitions 3 --replication-factor 1':
      'kt topics create x --partitions 3 --replication-factor 1',
    'kt consume x --formatter-property print.key=true': "kt tail x -f '%k\\t%v\\n'",
    'kt consume x --from-beginning -n 1 --property print.key=true': "kt tail x --from-beginning -n 1 -f '%k\\t%v\\n'",
    'kt consume x --offset 5 --partition 0': 'kt tail x --from 5 --partition 0',
    'kt produce x key:value': 'kt produce x -m key:value',
    'kt produce x -k a -v b': 'kt produce x -k a -m b',
    'kt groups --describe --group g': 'kt groups describe g',
    'kt groups reset-offsets --group g --topic x --to-earliest --execute':
      'kt groups reset-offsets g --topic x --to beginning --execute',
    'kt configs alter topic x --add-config k=v': 'kt configs alter topic x --config k=v',
    'kt -b host -L': 'kt topics describe -b host',
    'kt consume -t x -o beginning -e': 'kt tail x --from-beginning -e',
    'kt get topics': 'kt topics list',
    'kt describe topic x': 'kt topics describe x',
    'kt config use-context prod': 'kt profile use prod',
    'kt cluster info': 'kt cluster describe',
    'kt list topics': 'kt topics list',
    'kt create topic x': 'kt topics create x',
    'kt ls': 'kt topics list',
    'kt cat x': 'kt tail x',
    'kt pub x': 'kt produce x',
    'kt brokers': 'kt cluster describe',
    'kt nodes': 'kt cluster describe',
    'kt health': 'kt cluster health',
    'kt profile create p -b h:1': 'kt profile add p -b h:1',
    'kt local start': 'kt local up',
    'kt local stop': 'kt local down',
    'kt topics help': 'kt help topics',
    'kt apply -f x.yaml': 'kt topics apply -f x.yaml',
    'kt groups seek g --to end': 'kt groups reset-offsets g --to end',
    'kt tail -f x': 'kt tail x',
    'kt tail -5 x': 'kt tail --last 5 x',
    'kt tail -f x y': 'kt tail x y',
  };
  for (const [typed, kt] of Object.entries(guesses))
    assert.deepEqual(shellWords(await said(typed)).toSorted(), shellWords(kt).toSorted(), typed);
});

test('a line that kt would refuse, or that says something else, is not suggested', async () => {
  for (const [typed, hint] of Object.entries({
    'kt topics --describe --bogus': 'kt help topics describe shows how kt does it',
    'kt read': 'kt help tail shows how kt does it',
    'kt -V': 'kt --version',
    'kt topics craete a': 'did you mean kt topics create?',
    'kt topics create a --partitons 3': 'did you mean --partitions?',
    'kt consume x -o stored': 'use value, pretty, line, json, csv or raw',
    'kt zzz': 'kt --help shows the commands',
  }))
    assert.equal(await said(typed), hint, typed);
});

test('what other producers are told with properties, formats and arguments is said with options', async () => {
  const lines = {
    'kafka-console-producer --topic x --property parse.key=true --property key.separator=:': 'kt produce x -K :',
    'kafka-console-producer --topic x --property parse.key=true': "kt produce x -K '\\t'",
    'kafka-console-producer --topic x --property null.marker=NULL': 'kt produce x -Z NULL',
    'kafka-console-producer --topic x --compression-codec': 'kt produce x --compression gzip',
    'kafka-console-producer --topic x --sync --request-required-acks -1': 'kt produce x --acks all',
    'kafka-producer-perf-test --topic x --num-records 10 --record-size 100 --throughput -1':
      "kt produce x --count 10 --value-template '{{text 100}}'",
    'kafka-producer-perf-test --topic x --num-records 10 --throughput 50': 'kt produce x --count 10 --rate 50/s',
    'kcl produce x -f %k:%v\\n': 'kt produce x -K :',
    'kcl produce x -f %v\\n': 'kt produce x',
    'kaf produce x --key a --input json-each-row': 'kt produce x --key a -i json',
    'kafkactl produce x --null-value --key=a --rate 5 --silent': 'kt produce x --tombstone --key a --rate 5/s -q',
    'kafkactl produce x --key=a --value=b --required-acks WaitForAll': 'kt produce x --key a -m b --acks all',
    "kafkactl produce x --separator=# --lineSeparator='|'": "kt produce x -K '#' --record-separator '|'",
    'rpk topic produce x -f %k,%v -H a:b -z snappy -p 1': 'kt produce x -K , -H a=b --compression snappy --partition 1',
  };
  for (const [typed, hint] of Object.entries(lines)) assert.equal(await answer(shellWords(typed)), hint, typed);
});

test('where kt would do something else, its help is named and no line', async () => {
  for (const typed of [
    'kafka-console-producer --topic x --property key.separator=:',
    'kafka-console-producer --topic x --property parse.headers=true',
    'kafka-producer-perf-test --topic x --record-size big',
    'kcl produce x -f %h:%v',
    'kaf produce x --input yaml',
    'kafkactl produce x --rate fast',
    'kaf produce x a=1 b=2',
  ])
    assert.match(await answer(shellWords(typed)), /^kt help (produce|pipe) shows how kt does it$/, typed);
});

test("words that mean the same are taken as kt's own", async () => {
  for (const line of [
    'kt topic list',
    'kt topics ls',
    'kt topics rm x',
    'kt group ls',
    'kt config describe topic x',
    'kt acl ls',
    'kt user ls',
    'kt quota ls',
    'kt profile rm x',
    'kt tail --topic x --max-messages 1',
    'kt tail --topic=x --topic y --from earliest',
    'kt groups describe --group g --bootstrap-servers h:1',
    'kt topics list --brokers h:1',
    'kt groups reset-offsets --group g --topic x --to latest',
  ])
    assert.match(await said(line), /^kt runs /, line);
  assert.equal(await said('kt version'), 'version');
  assert.equal(await said('kt topics describe --topic'), 'usage: kt topics describe [topic|pattern…] [options]');
});

test('a topic that --topic names stands where the command takes it', async () => {
  const parsed = await parse(commands, ['tail', '--topic', 'a', 'b', '--group', 'g', '--max-messages', '3'], {});
  assert.ok(parsed.kind === 'run');
  assert.deepEqual(parsed.args, { topics: ['a', 'b'] });
  assert.equal(parsed.options['group'], 'g', "tail's own option");
  assert.equal(parsed.options['maxRecords'], 3);
});
