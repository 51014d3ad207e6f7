/** The bodies that registries send: JSON by their content type, but some are plain text, HTML of a proxy, or empty. */

export interface ErrorBody {
  /** Confluent's five digits; undefined where there is none, or 0. */
  readonly errorCode: number | undefined;
  /** May be empty. */
  readonly message: string;
}

/** The value of a JSON text; undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
