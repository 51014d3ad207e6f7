/** Secrets in the system's keyring, through the program that each system has for it: no native code, and its own questions to the user. */
import { usageError } from '../base/errors.ts';
import { shellWord } from '../base/shell-word.ts';

/** How a secret is looked up, and how it gets there. */
export interface KeyringEntry {
  readonly lookUp: readonly [program: string, ...args: string[]];
  /** What to type to keep a secret under this name. */
  readonly store: string;
}

/**
 * Reads `SERVICE/ACCOUNT`; the account is what follows the last slash.
 * @param platform as `process.platform`
 * @throws KtError `usage`
 */
export function keyringEntry(name: string, wantedBy: string, platform: NodeJS.Platform): KeyringEntry {
  const [, service, account] = /^(.+)\/([^/]+)$/s.exec(name) ?? [];
  if (!service || !account) {
    throw usageError(
      `${wantedBy}: \${keyring:${name}} does not name a service and an account`,
      `write \${keyring:SERVICE/ACCOUNT}`,
    );
  }
  const [shownService, shownAccount] = [shellWord(service), shellWord(account)];
  if (platform === 'darwin') {
    return {
      lookUp: ['security', 'find-generic-password', '-s', service, '-a', account, '-w'],
      store: `security add-generic-password -s ${shownService} -a ${shownAccount} -w`,
    };
  }
  if (platform === 'win32') {
    const vault = '(New-Object Windows.Security.Credentials.PasswordVault)';
    const load = '[void][Windows.Security.Credentials.PasswordVault,Windows.Security.Credentials,ContentType=WindowsRuntime]';
    const quoted = [service, account].map((text) => `'${text.replaceAll("'", "''")}'`).join(', ');
    const script = `[Console]::OutputEncoding = [Text.Encoding]::UTF8; ${load}; ${vault}.Retrieve(${quoted}).Password`;
    return {
      lookUp: ['powershell', '-NoProfile', '-NonInteractive', '-Command', `$ErrorActionPreference = 'Stop'; ${script}`],
      store: `in PowerShell 5: ${vault}.Add((New-Object Windows.Security.Credentials.PasswordCredential(${quoted}, (Read-Host))))`,
    };
  }
  return {
    lookUp: ['secret-tool', 'lookup', 'service', service, 'account', account],
    store: `secret-tool store --label=kt service ${shownService} account ${shownAccount}`,
  };
}
