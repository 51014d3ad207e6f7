/** The bodies that registries send: JSON by their content type, but some are plain text, HTML of a proxy, or empty. */
import { isObject, readJson } from '../../base/http/json.ts';

export { isObject, readJson };

export interface ErrorBody {
  /** Confluent's five digits; undefined where there is none, or 0. */
  readonly errorCode: number | undefined;
  /** May be empty. */
  readonly message: string;
}

/** What an error's body says, whatever its form. A page of HTML says nothing. */
export function readErrorBody(text: string): ErrorBody {
  const value = readJson(text);
  if (isObject(value)) {
    const { error_code, message, detail, title } = value;
    const words = [message, detail, title].find((each) => typeof each === 'string' && each !== '');
    const errorCode = typeof error_code === 'number' && error_code !== 0 ? error_code : undefined;
    return { errorCode, message: typeof words === 'string' ? words : '' };
  }
  return { errorCode: undefined, message: /^\s*</.test(text) ? '' : text };
}
