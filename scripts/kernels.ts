/** `npm run kernels`: each of kernels/*.ts, in AssemblyScript → WebAssembly in src/kafka/kernels/generated. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import asc from 'assemblyscript/asc';

const root = join(import.meta.dirname, '..');
/** What each needs in pages of 64 KiB. */
const pages: Readonly<Record<string, number>> = { lz77: 3, unlz77: 33, lines: 640, jsonl: 428 };

/** The module as bytes. */
async function compiled(file: string, name: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const options = [
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--initialMemory',
    String(pages[name]),
    '--maximumMemory',
    String(pages[name]),
  ];
  const { error, stderr } = await asc.main([`kernels/${file}`, ...options, '--outFile', `${name}.wasm`], {
    readFile: (path) => readSource(path),
    writeFile: (_, contents) => {
      binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`kernels/${file}: ${stderr.toString()}`);
  return binary;
}

function readSource(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
}

for (const file of readdirSync(join(root, 'kernels')).filter((each) => each.endsWith('.ts'))) {
  const name = basename(file, '.ts');
  const source = readFileSync(join(root, 'kernels', file));
  const bytes = await compiled(file, name);
  const text = `/** Made by \`npm run kernels\`; do not edit. kernels/${file} as WebAssembly, in base64. */
// SHA-256 of the source: ${createHash('sha256').update(source).digest('hex')}
export const ${name} =
  '${Buffer.from(bytes).toString('base64')}';
`;
  writeFileSync(join(root, 'src/kafka/kernels/generated', `${name}.ts`), text);
  console.log(`${name}: ${bytes.length} bytes`);
}
