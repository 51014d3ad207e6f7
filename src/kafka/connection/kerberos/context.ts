/** A context of the system's GSS-API library with one broker: the user's credentials, and the tokens that prove them. */
import type { SecurityContext } from './client.ts';
import type { Library } from './library.ts';
import { bufferOf, emptyBuffer, keyValues, nothing, oids, target, type Words } from './memory.ts';
import type { WantedContext } from './wanted.ts';

/** RFC 2744, 5.1, 5.2 and 5.19. */
const initiates = 1;
const continues = 1;
const flags = { mutual: 2, sequence: 8, integrity: 32 };
const wantedFlags = flags.mutual | flags.sequence | flags.integrity;

/** Tickets got with a keytab stay with this process. */
const ownCache = 'MEMORY:kt';

/** @throws GssRefusal */
export function openContext(library: Library, wanted: WantedContext): SecurityContext {
  const { gss, minor } = library;
  const { service, host, principal } = wanted;
  const [broker, user, credential, context] = [nothing(), nothing(), nothing(), nothing()];

  const importName = (text: string, kind: Uint8Array, into: Words) =>
    library.checked(gss.gss_import_name(minor, bufferOf(Buffer.from(text)), kind, into));
  const acquire = (): void => {
    const store = storeOf(wanted);
    if (principal !== undefined) importName(principal, oids.principal, user);
    const as = [minor, target(user), 0, null, initiates] as const;
    if (store) library.checked(library.acquireFrom(...as, store, credential, null, null));
    else if (principal !== undefined) library.checked(gss.gss_acquire_cred(...as, credential, null, null));
  };
  const release = (): void => {
    gss.gss_delete_sec_context(minor, context, null);
    for (const name of [broker, user]) gss.gss_release_name(minor, name);
    gss.gss_release_cred(minor, credential);
  };
  try {
    importName(`${service}@${host}`, oids.service, broker);
    acquire();
  } catch (error) {
    release();
    throw error;
  }
  return {
    step(answer) {
      const token = emptyBuffer();
      const [by, to] = [target(credential), target(broker)];
      const asked = [minor, by, context, to, oids.mechanism, wantedFlags, 0, null] as const;
      const major = gss.gss_init_sec_context(...asked, answer ? bufferOf(answer) : null, null, token, null, null);
      // On errors, too, there may be one.
      const bytes = library.taken(token);
      return { token: bytes, isComplete: (library.checked(major) & continues) === 0 };
    },
    wrap(bytes) {
      const wrapped = emptyBuffer();
      library.checked(gss.gss_wrap(minor, target(context), 0, 0, bufferOf(bytes), null, wrapped));
      return library.taken(wrapped);
    },
    unwrap(bytes) {
      const unwrapped = emptyBuffer();
      library.checked(gss.gss_unwrap(minor, target(context), bufferOf(bytes), unwrapped, null, null));
      return library.taken(unwrapped);
    },
    release,
  };
}

/** MIT's store of credentials; undefined where the system's own is meant. */
function storeOf({ keytab, ticketCache }: WantedContext): Uint8Array | undefined {
  if (keytab !== undefined) {
    return keyValues([
      ['ccache', ownCache],
      ['client_keytab', keytab],
    ]);
  }
  return ticketCache === undefined ? undefined : keyValues([['ccache', ticketCache]]);
}
