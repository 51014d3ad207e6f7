/** FieldMask as one text: its paths in lowerCamelCase, with commas between. */
import { encodeFields } from '../encode/encode-message.ts';
import type { Plan, WellKnown } from '../json/plan.ts';
import { readFields } from '../json/read-message.ts';

export function fieldMaskForm(plan: Plan): WellKnown {
  return {
    read(cursor, forJson) {
      const fields = readFields(plan, cursor, forJson);
      const paths = fields.get('paths') as string[];
      const shown = paths.map(camelCase);
      // A path that the text would change is shown as it is.
      return shown.every((path, index) => path !== '' && snakeCase(path) === paths[index]) ? shown.join(',') : fields;
    },
    encode(value, encoding) {
      if (typeof value !== 'string') return encodeFields(plan, value, encoding);
      const paths = value === '' ? [] : value.split(',');
      const wrong = paths.find((path) => camelCase(snakeCase(path)) !== path || path === '');
      if (wrong !== undefined) encoding.refuse(wrong, 'a path in lowerCamelCase');
      encodeFields(plan, new Map([['paths', paths.map(snakeCase)]]), encoding);
    },
  };
}

function camelCase(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(path: string): string {
  return path.includes('_') || path.includes(',') ? '' : path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
