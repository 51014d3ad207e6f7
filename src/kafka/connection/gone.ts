/** Brokers that go down: how their errors look, and what they mean for a change that was sent. */
import { KtError } from '../../base/errors.ts';

/** What a broker that goes down, or is not up yet, fails with. */
const gone: ReadonlySet<string | undefined> = new Set([
  'BROKER_NOT_AVAILABLE',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'NETWORK_EXCEPTION',
]);

/** Whether a broker that goes down, or is not up yet, fails like this. */
export function isGone({ code }: KtError): boolean {
  return gone.has(code);
}

/** The error for a change that was sent, where no answer came. */
export function maybeDone(api: string, error: KtError): KtError {
  const look = `${api} had been sent: the cluster may have done it or not, so look before you repeat it`;
  const { kind, message, code, hint } = error;
  return new KtError(kind, message, { code, hint: isGone(error) || !hint ? look : `${look}; ${hint}`, cause: error });
}
