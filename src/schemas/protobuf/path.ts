/** Where something is in a message, as expressions name it: `items[2].price`, `counts["a b"]`. */

const plainName = /^[A-Za-z_]\w*$/;

/** @param steps names of fields, indexes, and keys of maps, which may be any text */
export function pathText(steps: readonly (string | number)[]): string {
  let text = '';
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (plainName.test(step)) text += text === '' ? step : `.${step}`;
    else text += step.startsWith('[') ? step : `[${JSON.stringify(step)}]`;
  }
  return text;
}
