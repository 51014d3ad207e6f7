/**
 * `npm run house`: what the sources look like (circles, long files and functions, which room imports which) and whether they keep
 * the rules of `house/rules.ts`. With --check it prints only what breaks them. Exit code 1 if anything does.
 */
import { join } from 'node:path';
import { circles } from './house/circles.ts';
import { houseProblems, roomOf } from './house/problems.ts';
import { rules } from './house/rules.ts';
import { readSources, type SourceFile } from './house/source.ts';

const shownFunctions = 20;

function report(files: readonly SourceFile[]): string[] {
  const written = files.filter(({ path }) => !rules.generated.some((folder) => path.startsWith(folder)));
  const functions = written.flatMap((file) => file.functions.map((one) => ({ ...one, path: file.path })));
  return [
    'Circles of files',
    ...circles(new Map(files.map(({ path, imports }) => [path, imports]))).map((circle) => `  ${circle.join(' ')}`),
    '',
    `Files over ${rules.maxFileLines} lines`,
    ...written
      .filter(({ lines }) => lines > rules.maxFileLines)
      .map(({ path, lines }) => `  ${String(lines).padStart(4)} ${path}`),
    '',
    'Longest functions',
    ...functions
      .sort((a, b) => b.lines - a.lines)
      .slice(0, shownFunctions)
      .map(({ name, path, line, lines }) => `  ${String(lines).padStart(4)} ${name} ${path}:${line}`),
    '',
    'Imports: how many files of the room at the left import from the one at the top',
    ...matrix(files),
    '',
  ];
}

function matrix(files: readonly SourceFile[]): string[] {
  const rooms = Object.keys(rules.layers);
  const width = Math.max(...rooms.map((room) => room.length));
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(width)} ${cells.map((cell) => cell.padStart(width)).join(' ')}`;
  const count = (from: string, to: string) =>
    files.filter(({ path, imports }) => roomOf(path) === from && imports.some((imported) => roomOf(imported) === to)).length;
  return [
    line('', rooms),
    ...rooms.map((from) =>
      line(
        from,
        rooms.map((to) => String(count(from, to) || '·')),
      ),
    ),
  ];
}

const files = readSources(join(import.meta.dirname, '..'), ['src', 'scripts', 'bench', 'test/support']);
if (!process.argv.includes('--check')) console.log(report(files).join('\n'));
const problems = houseProblems(files, rules);
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
