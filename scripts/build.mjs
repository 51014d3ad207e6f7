/**
 * Builds the npm package's code (dist/*.js) and the single binary (dist/kt). With --platform=NAME and --runtime=FILE, Bun's program for that platform,
 * the binary is dist/kt-NAME instead. Skips what has not changed since the last build.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { thirdPartyLicenses } from './licenses.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const cache = join(modules, '.cache', 'kt-build');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** Beside the package's code, and inside the binary. */
const licensesFile = join('dist', 'THIRD-PARTY-LICENSES.txt');

/** Runs a program; shows its output only if it fails. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}\n${Buffer.concat(output)}`));
    });
  });
}

/** One hash of everything that the build depends on. */
function inputsHash() {
  const hash = createHash('sha256');
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const others = ['package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE'];
  const scripts = [
    'build.mjs',
    'licenses.mjs',
    ...readdirSync(join(root, 'scripts', 'licenses'), { recursive: true })
      .filter((name) => name.endsWith('.txt'))
      .sort()
      .map((name) => `licenses/${name}`),
  ];
  for (const file of [
    ...files.sort(),
    ...[...others, ...scripts.map((name) => `scripts/${name}`)].map((name) => join(root, name)),
  ]) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Does the work unless this output was already built from the same inputs. */
async function fresh(name, output, hash, work) {
  const stamp = join(cache, name);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const start = performance.now();
  rmSync(stamp, { force: true });
  await work();
  writeFileSync(stamp, hash);
  console.log(`${name} built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

const bun = join(modules, 'bun', 'bin', 'bun.exe');
/** In chunks, so that starting one command does not load the code of the others. */
const bundling = ['build', '--format=esm', '--splitting', `--define=KT_VERSION=${JSON.stringify(version)}`];

/**
 * kt's own code in chunks; what it depends on is installed with it. Node starts a command in chunks with a third less work than from a file for
 * each module. Built beside dist and then copied over it, so that there is a whole kt at any time.
 */
async function buildPackage() {
  const made = join(cache, 'dist-new');
  const dist = join(root, 'dist');
  rmSync(made, { recursive: true, force: true });
  await run(bun, [...bundling, '--target=node', '--packages=external', 'src/main.ts', `--outdir=${made}`]);
  cpSync(made, dist, { recursive: true });
  const files = new Set(readdirSync(made));
  // What an earlier build left would be packed too.
  for (const entry of readdirSync(dist, { withFileTypes: true })) {
    if (files.has(entry.name) || entry.name === 'release' || !(entry.isDirectory() || entry.name.endsWith('.js'))) continue;
    rmSync(join(dist, entry.name), { recursive: true });
  }
}

async function writeLicenses() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, licensesFile), thirdPartyLicenses(root));
}

async function buildBinary(name, output, platform, runtime) {
  const made = `${output}.new`;
  await run(bun, [
    ...bundling,
    '--define=KT_BINARY=true',
    '--compile',
    '--minify',
    '--bytecode',
    // Most commands are over before compiled code would pay; src/base/compile-eagerly.ts takes this back for long work.
    '--compile-jit-policy=1000',
    // kt must ignore a .env or bunfig.toml in the folder where it runs.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    ...(platform ? [`--target=bun-${platform.replace('macos', 'darwin')}`, `--compile-executable-path=${runtime}`] : []),
    // What went into it, for the test of the licences.
    `--metafile=${join(cache, `${name}.json`)}`,
    'src/binary.ts',
    // A thread's code is found by its path.
    'src/kafka/connection/kerberos/worker.ts',
    // Carried along as it is; src/cli/licenses.ts reads it.
    licensesFile,
    '--loader=.txt:file',
    '--asset-naming=[name].[ext]',
    `--outfile=${made}`,
  ]);
  // For Windows, Bun adds .exe itself.
  renameSync(existsSync(made) ? made : `${made}.exe`, output);
}

mkdirSync(cache, { recursive: true });
const hash = inputsHash();
const { platform, runtime } = parseArgs({ options: { platform: { type: 'string' }, runtime: { type: 'string' } } }).values;
const name = platform ? `kt-${platform}` : 'kt';
const forWindows = platform ? platform.startsWith('windows') : process.platform === 'win32';
const binary = join(root, 'dist', forWindows ? `${name}.exe` : name);

try {
  await fresh('licenses', join(root, licensesFile), hash, writeLicenses);
  await fresh('dist', join(root, 'dist', 'main.js'), hash, buildPackage);
  await fresh(name, binary, hash, () => buildBinary(name, binary, platform, runtime));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
