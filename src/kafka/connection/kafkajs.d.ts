/** The types of kafkajs's authenticators (2.2.4), which its public entry point does not hand out: that one loads all of kafkajs. */
declare module 'kafkajs/src/broker/saslAuthenticator/*.js' {
  import type { AuthenticationProviderArgs } from 'kafkajs';

  interface Authenticator {
    /** @throws Error `KafkaJSSASLAuthenticationError` */
    authenticate(): Promise<void>;
  }

  const authenticatorFor: (user: { username: string; password: string }) => (args: AuthenticationProviderArgs) => Authenticator;
  export = authenticatorFor;
}
