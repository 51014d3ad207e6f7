/** The client's side of SASL's mechanism GSSAPI (RFC 4752): a context with the broker, and no security layer above it. */

/** A context of the GSS-API with one broker. */
export interface SecurityContext {
  /** @param answer the broker's to the token before; absent at the beginning */
  step(answer: Uint8Array | undefined): { readonly token: Uint8Array; readonly isComplete: boolean };
  wrap(bytes: Uint8Array): Uint8Array;
  unwrap(bytes: Uint8Array): Uint8Array;
  release(): void;
}

/** In the broker's offer and the client's choice (RFC 4752, 3.3). */
const noLayer = 1;

/**
 * Gives what is to be sent, and takes the broker's answer to each.
 * @throws Error when the broker wants what cannot be done; what the context throws
 */
export function* gssapiClient(open: () => SecurityContext): Generator<Uint8Array, void, Uint8Array> {
  const context = open();
  try {
    let answer: Uint8Array | undefined;
    let isComplete = false;
    while (!isComplete) {
      const { token, ...state } = context.step(answer);
      // The last one may be empty, and is sent all the same (3.1).
      answer = yield token;
      ({ isComplete } = state);
    }
    const offer = context.unwrap(answer!);
    if (offer.length !== 4) throw new Error(`its offer of security layers has ${offer.length} bytes, not 4`);
    if ((offer[0]! & noLayer) === 0) throw new Error('it wants a security layer of SASL, which Kafka does not have');
    // No layer, so no messages of any size; and who the ticket is for, which no name says.
    yield context.wrap(Uint8Array.of(noLayer, 0, 0, 0));
  } finally {
    context.release();
  }
}
