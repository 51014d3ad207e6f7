/** What a message says, as JSON would: for data that cannot be written in one pass, for expressions, and for what is written. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';

/** A map keeps the order of names that are numbers, and takes any name. */
export type Tree = null | boolean | number | bigint | string | Tree[] | Map<string, Tree>;

/** Appends compact JSON. Bigints become numbers. */
export function appendTree(sink: ByteSink, tree: Tree): void {
  if (Array.isArray(tree)) {
    sink.ascii('[');
    tree.forEach((item, index) => {
      if (index > 0) sink.ascii(',');
      appendTree(sink, item);
    });
    sink.ascii(']');
  } else if (tree instanceof Map) {
    let separator = '{';
    for (const [name, value] of tree) {
      sink.ascii(separator);
      separator = ',';
      sink.utf8(JSON.stringify(name));
      sink.ascii(':');
      appendTree(sink, value);
    }
    sink.ascii(separator === '{' ? '{}' : '}');
  } else if (typeof tree === 'string') sink.utf8(JSON.stringify(tree));
  else sink.ascii(Object.is(tree, -0) ? '-0' : String(tree));
}

/** The same as objects and arrays. */
export function plainValue(tree: Tree): unknown {
  if (Array.isArray(tree)) return tree.map(plainValue);
  if (!(tree instanceof Map)) return tree;
  const object = {};
  for (const [name, each] of tree) {
    const value = plainValue(each);
    // An assignment to __proto__ would set the prototype.
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
}
