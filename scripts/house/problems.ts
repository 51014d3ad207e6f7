/** What breaks the rules of the house: circles, imports against the layers, packages in the wrong room, files and functions that are too long. */
import { circles } from './circles.ts';
import type { Rules } from './rules.ts';
import type { SourceFile } from './source.ts';

/** `src/core/lag/report.ts` is in the room `core`, `src/main.ts` in `main`; a file outside src is in no room. */
export function roomOf(path: string): string | undefined {
  return /^src\/(?:([^/]+)\/|([^/]+)\.ts$)/.exec(path)?.slice(1).find(Boolean);
}

/** One sentence for each fault, and for each exception that is no longer needed. */
export function houseProblems(files: readonly SourceFile[], rules: Rules): string[] {
  const { allowed } = rules;
  const needed = new Set<unknown>();
  /** Whether an exception allows it; that exception is then needed. */
  const isAllowed = <E>(exceptions: readonly E[], matches: (exception: E) => boolean) => {
    const found = exceptions.find(matches);
    if (found !== undefined) needed.add(found);
    return found !== undefined;
  };

  const problems: string[] = [];
  for (const circle of circles(new Map(files.map(({ path, imports }) => [path, imports])))) {
    if (isAllowed(allowed.circles, (exception) => circle.every((file) => exception.files.includes(file)))) continue;
    problems.push(`circle: ${circle.join(', ')} import each other`);
  }
  for (const file of files) {
    for (const imported of file.imports) {
      if (isDownward(file.path, imported, rules)) continue;
      if (isAllowed(allowed.imports, ({ from, to }) => file.path.startsWith(from) && imported.startsWith(to))) continue;
      problems.push(`layers: ${file.path} imports ${imported}, and ${mayImport(roomOf(file.path)!, rules)}`);
    }
    if (roomOf(file.path) !== undefined)
      problems.push(...file.packages.flatMap((name) => packageProblem(file.path, name, rules)));
    if (rules.generated.some((folder) => file.path.startsWith(folder))) continue;
    if (file.lines > rules.maxFileLines && !isAllowed(allowed.longFiles, ({ path }) => path === file.path)) {
      problems.push(`length: ${file.path} has ${file.lines} lines, more than ${rules.maxFileLines}`);
    }
    for (const { name, line, lines } of file.functions) {
      if (lines <= rules.maxFunctionLines) continue;
      if (isAllowed(allowed.longFunctions, (exception) => exception.path === file.path && exception.name === name)) continue;
      problems.push(`length: ${name} (${file.path}:${line}) has ${lines} lines, more than ${rules.maxFunctionLines}`);
    }
  }
  for (const [list, exceptions] of Object.entries(allowed)) {
    for (const exception of exceptions) {
      if (needed.has(exception)) continue;
      problems.push(`exception: nothing needs ${list} ${JSON.stringify(exception)} any more, delete it`);
    }
  }
  return problems;
}

function isDownward(from: string, to: string, { layers }: Rules): boolean {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room === undefined || room === other) return true;
  return other !== undefined && (layers[room]?.includes(other) ?? false);
}

function mayImport(room: string, { layers }: Rules): string {
  const others = layers[room];
  if (others === undefined) return `${room} is no room in the table of layers`;
  return others.length === 0 ? `${room} imports nothing of src` : `${room} may import only ${others.join(', ')}`;
}

function packageProblem(path: string, name: string, { packages }: Rules): string[] {
  const places = packages[name];
  if (places?.some((place) => path.startsWith(place))) return [];
  return [
    `package: ${path} imports ${name}, which ${places ? `only ${places.join(', ')} may` : 'is not in the table of packages'}`,
  ];
}
