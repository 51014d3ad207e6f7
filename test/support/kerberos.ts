/** A real Kerberos realm on this machine: MIT's KDC on the loopback, with its database and its settings in a folder of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../src/local/ports.ts';
import { until } from './until.ts';

export interface Realm {
  /** What a process of this realm needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The same settings with another KDC. */
  withKdc(address: string): Readonly<Record<string, string>>;
  /** The file with the keys of these principals, which are made where they are not there yet. */
  keytab(...principals: readonly string[]): string;
  /** Gives the principal a new key, which no file has. */
  renewKey(principal: string): void;
  /** A cache with a ticket for the first principal of the file, as kinit leaves it. */
  ticket(keytab: string, principal: string, lifetime?: string): string;
}

/** @param folder for all that it writes */
export async function kerberosRealm(t: { after(end: () => unknown): void }, folder: string): Promise<Realm> {
  const [port] = await freePorts(1);
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const env = {
    KRB5_CONFIG: file('krb5.conf', clientSettings(`127.0.0.1:${port}`)),
    KRB5_KDC_PROFILE: file('kdc.conf', kdcSettings(folder, port!)),
    KRB5CCNAME: `FILE:${join(folder, 'no-cache')}`,
    PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
  };
  const run = (program: string, args: readonly string[], further = {}) =>
    execFileSync(program, args, { stdio: 'pipe', env: { ...process.env, ...env, ...further } });
  const kadmin = (...words: readonly string[]) => run('kadmin.local', ['-r', 'KT.TEST', ...words]);
  run('kdb5_util', ['create', '-r', 'KT.TEST', '-s', '-P', 'nobody-needs-it']);
  const kdc = spawn('krb5kdc', ['-n', '-r', 'KT.TEST'], { stdio: 'ignore', env: { ...process.env, ...env } });
  const ended = once(kdc, 'exit');
  t.after(() => {
    kdc.kill('SIGKILL');
    return ended;
  });
  const made = new Set<string>();
  const realm: Realm = {
    env,
    withKdc: (address) => ({ ...env, KRB5_CONFIG: file(`krb5-${address.replace(/\W/g, '-')}.conf`, clientSettings(address)) }),
    keytab(...principals) {
      const path = join(folder, `${principals.join('-').replace(/\W/g, '-')}-${made.size}.keytab`);
      for (const principal of principals) {
        if (!made.has(principal)) kadmin('addprinc', '-randkey', principal);
        made.add(principal);
        kadmin('ktadd', '-k', path, '-norandkey', principal);
      }
      return path;
    },
    renewKey: (principal) => void kadmin('cpw', '-randkey', principal),
    ticket(keytab, principal, lifetime = '1h') {
      const cache = `FILE:${join(folder, `cache-${principal.replace(/\W/g, '-')}-${lifetime}`)}`;
      run('kinit', ['-l', lifetime, '-k', '-t', keytab, principal], { KRB5CCNAME: cache });
      return cache;
    },
  };
  const probe = realm.keytab('probe');
  await until(() => {
    try {
      return realm.ticket(probe, 'probe') !== '';
    } catch {
      return false;
    }
  }, 'the KDC answers');
  return realm;
}

/** krb5.conf, for MIT's library and Java's. */
function clientSettings(kdc: string): string {
  return `[libdefaults]
 default_realm = KT.TEST
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
[realms]
 KT.TEST = {
  kdc = ${kdc}
 }
[domain_realm]
 localhost = KT.TEST
`;
}

function kdcSettings(folder: string, port: number): string {
  return `[kdcdefaults]
 kdc_listen = 127.0.0.1:${port}
 kdc_tcp_listen = 127.0.0.1:${port}
[realms]
 KT.TEST = {
  database_name = ${join(folder, 'principal')}
  key_stash_file = ${join(folder, 'stash')}
 }
[logging]
 kdc = FILE:${join(folder, 'kdc.log')}
`;
}
