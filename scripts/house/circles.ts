/** Circles of files: those that import each other, directly or through others. */

/**
 * The strongly connected parts of the graph that have more than one file, or one that imports itself (Tarjan's algorithm).
 *
 * @param imports what each file imports; a file without an entry imports nothing
 */
export function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];

  const visit = (file: string) => {
    const index = order.size;
    order.set(file, index);
    lowest.set(file, index);
    open.push(file);
    const next = imports.get(file) ?? [];
    for (const other of next) {
      if (!order.has(other)) visit(other);
      else if (!open.includes(other)) continue;
      lowest.set(file, Math.min(lowest.get(file)!, lowest.get(other)!));
    }
    if (lowest.get(file) !== index) return;
    const part = open.splice(open.indexOf(file));
    if (part.length > 1 || next.includes(file)) found.push(part.sort());
  };

  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found.sort((a, b) => b.length - a.length || a[0]!.localeCompare(b[0]!));
}
