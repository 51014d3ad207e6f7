/** Where something is in a value, as expressions name it, whatever kind of schema it has: `items[2].price`, `counts["a b"]`. */

const plainName = /^[A-Za-z_$][\w$]*$/;
/** An extension of a Protobuf message, as its JSON names it: `[shop.rating]`. */
const extensionName = /^\[[\w.]+\]$/;

/** @param steps names of fields, indexes, and keys of maps, which may be any text; none: the value itself */
export function pathText(steps: readonly (string | number)[]): string {
  let text = '';
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (plainName.test(step)) text += text === '' ? step : `.${step}`;
    else text += extensionName.test(step) ? step : `[${JSON.stringify(step)}]`;
  }
  return text;
}
