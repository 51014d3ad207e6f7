/** The user of settings whose mechanism has a name and a password. */
import assert from 'node:assert/strict';
import type { ClusterSettings } from '../../src/kafka/connection/settings.ts';

export function userOf({ sasl }: Pick<ClusterSettings, 'sasl'>): { readonly username: string; readonly password: string } {
  assert.ok(sasl && 'password' in sasl, 'there is no user');
  return sasl;
}
