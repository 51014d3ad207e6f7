/** Secrets in settings: where they may come from, and which values must never be shown. */
import { usageError } from '../base/errors.ts';
import { programOf } from '../kafka/connection/bearer/source.ts';
import type { Environment } from './environment.ts';
import type { SettingsFiles } from './files.ts';
import { parseJaas } from './jaas.ts';
import { canonicalName } from './property-names.ts';
import { registrySecret, withoutPasswords } from './registry/names.ts';
import { saslMechanisms } from './sasl/mechanisms.ts';

const reference = /\$\{(env|file|command|keyring):([^}]*)\}/g;

/**
 * @param wantedBy the property, for errors, which do not repeat its value: it may be a secret
 * @throws KtError `usage` where something begins like a reference and is none: it would be taken for the value itself
 */
export function checkReferences(value: string, wantedBy: string): void {
  if (!value.replace(reference, '').includes(`\${`)) return;
  throw usageError(
    `${wantedBy}: a \${ in it begins no reference that kt knows`,
    `these are \${env:NAME}, \${file:PATH}, \${command:CMD} and \${keyring:SERVICE/ACCOUNT}; a value with \${ in it can come from a variable or a file`,
  );
}

/**
 * Replaces each reference by what it stands for: a variable, a file's text, what a command prints (both without the last newline), a secret in
 * the system's keyring.
 * @param wantedBy the property, for errors
 * @throws KtError `usage` when the variable is not set, the file cannot be read, the command or the keyring gives nothing, or a reference is
 * of no kind that kt knows
 */
export async function expandReferences(
  value: string,
  wantedBy: string,
  env: Environment,
  files: SettingsFiles,
): Promise<string> {
  checkReferences(value, wantedBy);
  let expanded = '';
  let end = 0;
  for (const { 0: whole, 1: kind, 2: name = '', index } of value.matchAll(reference)) {
    expanded += value.slice(end, index);
    expanded += kind === 'env' ? variable(name, wantedBy, env) : await kept[kind as keyof typeof kept](name, wantedBy, files);
    end = index + whole.length;
  }
  return expanded + value.slice(end);
}

function variable(name: string, wantedBy: string, env: Environment): string {
  const found = Object.hasOwn(env, name) ? env[name] : undefined;
  if (found !== undefined) return found;
  throw usageError(`${wantedBy}: the environment variable ${name} is not set`, `export ${name}=… and try again`);
}

async function secretFile(path: string, wantedBy: string, files: SettingsFiles): Promise<string> {
  return (await files.text(path, wantedBy)).toString('utf8').replace(/\r?\n$/, '');
}

function printedSecret(command: string, wantedBy: string, files: SettingsFiles): Promise<string> {
  return files.printed(command, wantedBy, 'run the command by itself to see why');
}

async function keyringSecret(name: string, wantedBy: string, files: SettingsFiles): Promise<string> {
  const { keyringEntry } = await import('./keyring.ts');
  const { lookUp, store } = keyringEntry(name, wantedBy, process.platform);
  return files.printed(lookUp, wantedBy, `is it there, and the keyring unlocked? to keep it there: ${store}`);
}

const kept = { file: secretFile, command: printedSecret, keyring: keyringSecret };

const secretName = /password$|^sasl\.jaas\.config$|^(schema\.registry\.)?ssl\.(keystore\.key|key\.pem)$/;
const saslSecrets: readonly string[] = saslMechanisms.flatMap(({ secrets }) => secrets);

/** Whether the value itself is a secret, rather than a reference to where one is kept. */
export function holdsSecret(name: string, value: string): boolean {
  const part = registrySecret(canonicalName(name) ?? name, value);
  if (part !== undefined) return part !== '' && !isReference(part);
  if (value === '' || !(secretName.test(name) || saslSecrets.includes(canonicalName(name) ?? name))) return false;
  if (name !== 'sasl.jaas.config') return !isReference(value);
  if (isReference(value)) return false;
  const login = parseJaas(value);
  // What cannot be parsed may be a secret, and so may every option but the user name.
  return typeof login === 'string' || [...login.options].some(([option, text]) => option !== 'username' && !isReference(text));
}

/** Whether the value is nothing but references. */
export function isReference(value: string): boolean {
  return value.replace(reference, '') === '' && value !== '';
}

/** The value for people to see: `********` where it is a secret, and `…` for a command's arguments, which may hold one. */
export function redact(name: string, value: string): string {
  if (name === 'schema.registry.url') return withoutPasswords(value);
  if (canonicalName(name) === 'sasl.oauthbearer.token.command') {
    const program = programOf(value);
    return program === value.trim() ? value : `${program} …`;
  }
  return holdsSecret(name, value) ? '********' : value;
}
