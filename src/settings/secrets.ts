/** Secrets in settings: where they may come from, and which values must never be shown. */
import { readFileSync } from 'node:fs';
import { usageError } from '../base/errors.ts';
import { parseJaas } from './jaas.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$\{(env|file):([^}]*)\}/g;

/**
 * Puts in the values that `${env:NAME}` and `${file:PATH}` stand for; a file's last newline is cut off.
 * @param wantedBy the property, for errors
 * @throws KtError `usage` when the variable is not set or the file cannot be read
 */
export function expandReferences(value: string, wantedBy: string, env: Environment): string {
  return value.replace(reference, (_, kind: 'env' | 'file', name: string) => {
    if (kind === 'file') return readReferenced(name, wantedBy);
    const found = env[name];
    if (found === undefined) {
      throw usageError(`${wantedBy}: the environment variable ${name} is not set`, `export ${name}=… and try again`);
    }
    return found;
  });
}

function readReferenced(path: string, wantedBy: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw usageError(
      `${wantedBy}: cannot read ${path} (${(cause as NodeJS.ErrnoException).code})`,
      'check the path, and that you may read it',
    );
  }
}

const secretName = /password$|^sasl\.jaas\.config$|^ssl\.keystore\.key$|^ssl\.key\.pem$/;

/** Whether the value itself is a secret, rather than a reference to where one is kept. */
export function holdsSecret(name: string, value: string): boolean {
  if (!secretName.test(name) || value === '') return false;
  if (name !== 'sasl.jaas.config') return !isReference(value);
  if (isReference(value)) return false;
  const login = parseJaas(value);
  // What cannot be read is taken for a secret, and so is every option but the harmless one.
  return typeof login === 'string' || [...login.options].some(([option, text]) => option !== 'username' && !isReference(text));
}

function isReference(value: string): boolean {
  return value.replace(reference, '') === '' && value !== '';
}

/** The value for people to see: `********` where it is a secret. */
export function redact(name: string, value: string): string {
  return holdsSecret(name, value) ? '********' : value;
}
