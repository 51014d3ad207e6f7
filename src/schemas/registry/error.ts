/** Why a registry did not do what it was asked, as a KtError that also says what kind of answer there was. */
import { KtError, type KtErrorOptions } from '../../base/errors.ts';

export class RegistryError extends KtError {
  /** The HTTP status; undefined when nothing answered. */
  readonly status: number | undefined;

  constructor(kind: 'refused' | 'connection', message: string, options: KtErrorOptions & { status?: number | undefined } = {}) {
    super(kind, message, options);
    this.name = 'RegistryError';
    this.status = options.status;
  }
}

/** Whether the registry answered that there is no such subject, version, schema or id. */
export function isMissing(error: unknown): boolean {
  return error instanceof RegistryError && error.status === 404;
}

/** What was asked for, or else `instead` where the registry answered that there is no such thing. */
export async function orIfMissing<T, U>(asked: Promise<T>, instead: U): Promise<T | U> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error)) return instead;
    throw error;
  }
}

/** Whether the registry could not be reached, or answered that it cannot serve now. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof RegistryError && error.kind === 'connection';
}

/** Names of Confluent's error codes (rest.exceptions.Errors): other registries send the same codes, or none. */
const names: Readonly<Record<number, string>> = {
  40401: 'SUBJECT_NOT_FOUND',
  40402: 'VERSION_NOT_FOUND',
  40403: 'SCHEMA_NOT_FOUND',
  40404: 'SUBJECT_SOFT_DELETED',
  40405: 'SUBJECT_NOT_SOFT_DELETED',
  40406: 'VERSION_SOFT_DELETED',
  40407: 'VERSION_NOT_SOFT_DELETED',
  40408: 'NO_SUBJECT_COMPATIBILITY',
  40409: 'NO_SUBJECT_MODE',
  42201: 'INVALID_SCHEMA',
  42202: 'INVALID_VERSION',
  42203: 'INVALID_COMPATIBILITY_LEVEL',
  42204: 'INVALID_MODE',
  42205: 'OPERATION_NOT_PERMITTED',
  42206: 'REFERENCE_EXISTS',
  42207: 'ID_DOES_NOT_MATCH',
  42208: 'INVALID_SUBJECT',
  42209: 'SCHEMA_TOO_LARGE',
  42210: 'INVALID_RULESET',
};

/** The name for scripts of an answer: by its error code, or else its status. */
export function errorName(status: number, errorCode: number | undefined): string {
  if (status === 409 && errorCode !== 40405) return 'INCOMPATIBLE_SCHEMA';
  return (errorCode !== undefined && names[errorCode]) || `HTTP_${status}`;
}
