/** How people name a schema: `SUBJECT`, `SUBJECT@VERSION` or `id:N`. */
import { usageError } from '../../base/errors.ts';
import type { ReferenceName } from './schema.ts';

export type SchemaName =
  | { readonly kind: 'subject'; readonly subject: string; readonly version: number | 'latest' | undefined }
  | { readonly kind: 'id'; readonly id: number };

const largestId = 2 ** 31 - 1;

/**
 * A name with an @ in it needs its version, or `@latest`.
 * @throws KtError `usage`
 */
export function parseSchemaName(text: string): SchemaName {
  const id = /^id:(.*)$/s.exec(text)?.[1];
  if (id !== undefined) return { kind: 'id', id: readId(id, text) };
  const { subject, version } = splitVersion(text);
  if (subject === '') throw usageError(`'${text}' names no subject`, 'write SUBJECT, SUBJECT@VERSION or id:N');
  return { kind: 'subject', subject, version };
}

/** A subject, with a version or without. @throws KtError `usage` for an id */
export function parseSubject(text: string): Extract<SchemaName, { kind: 'subject' }> {
  const name = parseSchemaName(text);
  if (name.kind === 'subject') return name;
  throw usageError(`${text} is an id, and a subject is wanted`, 'kt schemas get id:N -o json shows a subject that has it');
}

/** A version's number, or `latest`. @throws KtError `usage` */
export function parseVersion(text: string): number | 'latest' {
  const { version } = splitVersion(`@${text}`);
  if (version !== undefined) return version;
  throw usageError(`${text} (not a version)`, 'write a number from 1, or latest');
}

/** `NAME=SUBJECT@VERSION`. @throws KtError `usage` */
export function parseReference(text: string): ReferenceName {
  const at = text.indexOf('=');
  const { subject, version } = splitVersion(text.slice(at + 1));
  if (at > 0 && subject !== '' && typeof version === 'number') return { name: text.slice(0, at), subject, version };
  throw usageError(`${text} (not NAME=SUBJECT@VERSION)`, 'for example shop.Address=address-value@1');
}

function splitVersion(text: string): { readonly subject: string; readonly version: number | 'latest' | undefined } {
  const [, subject, version] = /^(.*)@(latest|[1-9]\d{0,9})$/s.exec(text) ?? [];
  if (subject === undefined) return { subject: text, version: undefined };
  return { subject, version: version === 'latest' ? version : Number(version) };
}

function readId(digits: string, text: string): number {
  const id = /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
  if (id <= largestId) return id;
  throw usageError(`${text} (not an id)`, 'ids look like id:42');
}
