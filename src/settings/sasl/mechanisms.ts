/** The SASL mechanisms that kt speaks. A new one is its file, a line here, and its credentials in src/kafka/connection/sasl.ts. */
import { awsMskIam } from './aws-msk-iam.ts';
import { gssapi } from './gssapi.ts';
import { oauthbearer } from './oauthbearer.ts';
import { password } from './password.ts';

export const saslMechanisms = [password, oauthbearer, awsMskIam, gssapi] as const;

/** The properties that mechanisms read. */
export type SaslPropertyName = (typeof saslMechanisms)[number]['properties'][number];
