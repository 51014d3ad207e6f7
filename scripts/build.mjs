/**
 * Builds the npm package's code (dist/*.js) and the single binary (dist/kt); with --all the binaries of every platform instead of this one's.
 * What did not change since the last build is not built again.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const cache = join(modules, '.cache', 'kt-build');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'windows-x64'];

/** Runs a program, its output only shown when it fails. */
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

/** Everything that the build's result depends on, as one hash. */
function inputsHash() {
  const hash = createHash('sha256');
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const others = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'];
  for (const file of [...files.sort(), ...others.map((name) => join(root, name))]) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Does the work unless the same inputs made this output before. */
async function fresh(name, output, hash, work) {
  const stamp = join(cache, name);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const start = performance.now();
  rmSync(stamp, { force: true });
  await work();
  writeFileSync(stamp, hash);
  console.log(`${name} built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Compiled beside dist and copied over it, so that a kt that runs meanwhile finds its modules. */
async function buildPackage() {
  const made = join(cache, 'dist-new');
  const dist = join(root, 'dist');
  rmSync(made, { recursive: true, force: true });
  await run(process.execPath, [join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', made]);
  cpSync(made, dist, { recursive: true });
  const files = new Set(readdirSync(made, { recursive: true, encoding: 'utf8' }));
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.js') && !files.has(file)) rmSync(join(dist, file), { force: true });
  }
}

async function buildBinary(output, target) {
  const made = `${output}.new`;
  await run(join(modules, 'bun', 'bin', 'bun.exe'), [
    'build',
    '--compile',
    '--minify',
    '--bytecode',
    // In chunks: a command's start does not pay for the code of the others.
    '--format=esm',
    '--splitting',
    // A .env or bunfig.toml where kt happens to run is none of its business.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    `--define=KT_VERSION=${JSON.stringify(version)}`,
    ...(target ? [`--target=bun-${target}`] : []),
    'src/binary.ts',
    `--outfile=${made}`,
  ]);
  // For Windows, Bun names the file itself.
  renameSync(existsSync(made) ? made : `${made}.exe`, output);
}

mkdirSync(cache, { recursive: true });
const hash = inputsHash();
const exe = (name) =>
  join(root, 'dist', name + (name.includes('windows') || (name === 'kt' && process.platform === 'win32') ? '.exe' : ''));
const targets = process.argv.includes('--all')
  ? platforms.map((platform) => [`kt-${platform}`, platform])
  : [['kt', undefined]];

try {
  await fresh('dist', exe('main.js'), hash, buildPackage);
  await Promise.all(targets.map(([name, target]) => fresh(name, exe(name), hash, () => buildBinary(exe(name), target))));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
