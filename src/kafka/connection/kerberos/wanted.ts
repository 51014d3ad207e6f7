/** What a thread of Kerberos is asked for and answers, as plain values; types only. */

/** A context with one broker. */
export interface WantedContext {
  /** The file of the system's GSS-API library. */
  readonly library: string;
  readonly service: string;
  /** The broker's, as kt knows it. */
  readonly host: string;
  readonly principal: string | undefined;
  readonly keytab: string | undefined;
  readonly ticketCache: string | undefined;
}

/** Each exchange has a number of its own. */
export type Question = { readonly id: number } & (
  | { readonly kind: 'load'; readonly library: string }
  | { readonly kind: 'start'; readonly wanted: WantedContext }
  | { readonly kind: 'answer'; readonly answer: Uint8Array }
  | { readonly kind: 'end' }
);

/** Why the library refused (RFC 2744, 3.9). */
export interface Refusal {
  /** The library's own words. */
  readonly text: string;
  readonly major: number;
  /** The mechanism's own code: libkrb5's. */
  readonly minor: number;
}

/** What to send to the broker; absent when there is nothing more, or when the library was only loaded. */
export type Reply = { readonly id: number } & ({ readonly token?: Uint8Array } | { readonly refusal: Refusal });
