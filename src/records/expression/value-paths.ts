/** Which fields of the value an expression reads, if it reads no more of it: the paths of names in `value.user.country`. */
import type { Expression, Super } from 'acorn';
import { isReadAlone } from '../../base/json/json-paths.ts';
import { memberCode } from './syntax.ts';

/** Names one in the other. */
type ValuePath = readonly string[];

/** What lists and texts have too: whether it is a field shows only when the rest is known. */
const element = /^(?:length|\d+)$/;

/** The names behind `value`, of a chain of them; undefined for anything else. */
export function namesBehindValue(node: Expression | Super): ValuePath | undefined {
  const names: string[] = [];
  let at = node;
  for (; at.type === 'MemberExpression'; at = at.object) {
    const { property, computed } = at;
    if (!computed && property.type === 'Identifier') names.unshift(property.name);
    else if (property.type === 'Literal' && typeof property.value === 'string') names.unshift(property.value);
    else return undefined;
  }
  return at.type === 'Identifier' && at.name === 'value' && names.length > 0 ? names : undefined;
}

/** Collects what an expression reads of the value, and writes its code. */
export class ValuePaths {
  readonly #parts: readonly ValuePath[];
  readonly #paths: ValuePath[] = [];
  #isWhole = false;

  /** @param parts what is found as `parts.value(slots[index])`; the rest is in `scope.value` */
  constructor(parts: readonly ValuePath[] = []) {
    this.#parts = parts;
  }

  /** The value is used as a whole. */
  addWhole(): void {
    this.#isWhole = true;
  }

  /** The code of the field at a path. */
  code(names: ValuePath): string {
    const end = names.findIndex((name, index) => !isReadAlone(name) || (index > 0 && element.test(name)));
    this.#paths.push(end < 0 ? names : names.slice(0, end));
    const part = this.#parts.findIndex((path) => startsWith(names, path));
    if (part < 0) return names.reduce(memberCode, 'scope.value');
    return names.slice(this.#parts[part]!.length).reduce(memberCode, `parts.value(slots[${part}])`);
  }

  /**
   * The paths to read; none where the value is needed as a whole. None begins with another: what is read as a whole is not read in parts
   * too, so that an object is the same one wherever an expression comes by it.
   */
  get all(): readonly ValuePath[] {
    const found: ValuePath[] = [];
    for (const path of this.#paths.toSorted((a, b) => a.length - b.length))
      if (!found.some((shorter) => startsWith(path, shorter))) found.push(path);
    return this.#isWhole || found[0]?.length === 0 ? [] : found;
  }
}

/** Whether a path leads through another, or to the same field. */
function startsWith(path: ValuePath, beginning: ValuePath): boolean {
  return beginning.every((name, index) => path[index] === name);
}
