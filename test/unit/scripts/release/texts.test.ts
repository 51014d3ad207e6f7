/** What is written by hand around a release agrees with the rest: the workflow, the installer, the container's definition. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { archiveOf, platforms } from '../../../../scripts/release/platforms.ts';
import { owner, repository, root } from '../../../../scripts/release/project.ts';
import { defaultKafkaVersion } from '../../../../src/local/spec.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly needs?: string | readonly string[];
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

test("the workflow's actions are fixed, its scripts exist, and only what publishes may write", () => {
  const { permissions, jobs }: { permissions: object; jobs: Record<string, Job> } = parse(
    read('.github/workflows/release.yml'),
  );
  assert.deepEqual(permissions, {});
  const scripts = JSON.parse(read('package.json')).scripts;
  const publishing = ['publish', 'npm', 'container'];
  for (const [name, job] of Object.entries(jobs)) {
    assert.equal(Object.values(job.permissions).includes('write'), publishing.includes(name), name);
    for (const needed of [job.needs ?? []].flat()) assert.ok(jobs[needed], needed);
    for (const { uses, run, with: given } of job.steps) {
      if (uses?.startsWith('./')) assert.ok(existsSync(join(root, uses, 'action.yml')), uses);
      else if (uses) assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      for (const [, script] of (run ?? '').matchAll(/npm run ([\w:-]+)/g)) assert.ok(scripts[script!], script);
      // bash -n of what is left once GitHub has put its values in.
      if (run) execFileSync('bash', ['-n'], { input: run.replace(/\$\{\{.*?\}\}/g, 'x') });
      const { path } = given ?? {};
      if (path?.includes('/kafka/')) assert.ok(path.endsWith(`/kt/kafka/${defaultKafkaVersion}/libs`), path);
      for (const [script] of (run ?? '').matchAll(/test\/elsewhere\/[\w.]+/g))
        assert.ok(existsSync(join(root, script)), script);
    }
  }
  assert.deepEqual(jobs['publish']!.needs, ['build', 'try', 'try-in-containers']);
  for (const name of ['npm', 'container']) assert.deepEqual(jobs[name]!.needs, ['build', 'publish']);
});

test('what is tried and published is what was built: no job takes an artifact that another could have put in its place', () => {
  const { jobs }: { jobs: Record<string, Job> } = parse(read('.github/workflows/release.yml'));
  const { outputs, steps } = jobs['build']!;
  assert.match(outputs!['release']!, /^\$\{\{ steps\.upload\.outputs\.artifact-id \}\}$/);
  const built = /^\$\{\{ needs\.build\.outputs\.release \}\}$/;
  const at = (found: (step: Step) => boolean | undefined) => steps.findIndex(found);
  const uploaded = at(({ id }) => id === 'upload');
  assert.equal(steps[uploaded]!.with!['path'], 'dist/release');
  assert.equal(
    at(({ run }) => run?.startsWith('npm run release')),
    uploaded - 1,
  );
  for (const [name, { needs, steps: theirs }] of Object.entries(jobs)) {
    const taken = theirs.filter(({ uses }) => uses?.startsWith('actions/download-artifact@'));
    const release = taken.filter(({ with: given }) => given!['name'] !== 'kafka');
    assert.equal(release.length, name === 'build' ? 0 : 1, name);
    for (const { with: given } of release) assert.match(given!['artifact-ids']!, built, name);
    if (name !== 'build') assert.ok([needs].flat().includes('build'), name);
  }
});

test('all name the repository of package.json, and no line installs the npm package of somebody else', () => {
  assert.match(read('install.sh'), new RegExp(`^releases=${repository}/releases$`, 'm'));
  assert.match(read('install.sh'), new RegExp(`curl -fsSL ${repository}/releases/latest/download/install.sh \\| sh$`, 'm'));
  const texts = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'install.sh',
    'setup-kt/action.yml',
    'docs/cli.md',
    'docs/guide.md',
    'docs/ways-in.md',
    'examples/ci/github.yml',
    'examples/ci/gitlab.yml',
  ];
  for (const path of texts) {
    assert.doesNotMatch(read(path), /npm (install|i) (-g|--global) kt\b/, path);
    for (const [url, name] of read(path).matchAll(/github\.com\/([\w-]+)\/kt\b/g))
      assert.ok([owner, 'fgeller'].includes(name!), `${path}: ${url}`);
  }
});

test('the installer knows each platform that a release is made for', () => {
  const known = /^ {4}(linux-x64 .*)\) echo/m.exec(read('install.sh'))![1]!.split(' | ');
  assert.deepEqual(known.sort(), platforms.map(({ name }) => name).sort());
  for (const platform of platforms) {
    assert.equal(archiveOf(platform), `kt-${platform.name}.${platform.name.startsWith('windows') ? 'zip' : 'tar.gz'}`);
  }
  for (const [name] of read('scripts/release/Containerfile').matchAll(/kt-[\w-]+\.tar\.gz/g)) {
    assert.ok(
      platforms.some((platform) => archiveOf(platform) === name),
      name,
    );
  }
});

test('the shell scripts of a release are POSIX sh and bash as they say', () => {
  execFileSync('sh', ['-n', join(root, 'install.sh')]);
  execFileSync('bash', ['-n', join(root, 'scripts/release/prerequisites.sh')]);
  for (const script of ['try.sh', 'broker.sh']) execFileSync('sh', ['-n', join(root, 'test/elsewhere', script)]);
});
