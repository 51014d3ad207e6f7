/**
 * Tokens of AWS IAM for Amazon MSK: a signed URL, by AWS's own signer, which finds the credentials as all of AWS's tools do. MSK's brokers take
 * them by the mechanism OAUTHBEARER; AWS_MSK_IAM on the wire is spoken by AWS's library for Java only. Loaded only for them: it is large.
 */
import type { GivenToken } from '../../../base/oauth/client.ts';
import { within } from '../../../base/pause.ts';
import type { ClusterSettings } from '../settings.ts';
import { NoToken } from './no-token.ts';
import type { MskSource } from './source.ts';

type Signer = typeof import('aws-msk-iam-sasl-signer-js');

/** @throws NoToken */
export async function mskToken(source: MskSource, settings: ClusterSettings, timeoutMs: number): Promise<GivenToken> {
  const region = source.region ?? regionOf(settings) ?? source.usualRegion;
  if (region === undefined) {
    throw new NoToken('no token: the AWS region of the cluster is not known', '-X sasl.aws.msk.iam.region=eu-central-1');
  }
  const signer = await loaded();
  const signed = await within(timeoutMs, sign(signer, source, region)).catch((error: Error) => {
    throw new NoToken(
      `no token: ${error.message.replace(/\s+/g, ' ')}`,
      'aws sts get-caller-identity shows who you are to AWS',
    );
  });
  if (signed) return { text: signed.token, lifeMs: signed.expiryTime - Date.now() };
  throw new NoToken(
    `no token: AWS gave no credentials within ${Number((timeoutMs / 1000).toPrecision(3))}s`,
    'aws sts get-caller-identity shows whether AWS answers; --timeout 30s waits longer',
  );
}

async function loaded(): Promise<Signer> {
  try {
    return await import('aws-msk-iam-sasl-signer-js');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new NoToken("no token: AWS's signer is not installed", 'npm install aws-msk-iam-sasl-signer-js, or use the binary');
  }
}

function sign(signer: Signer, { profile, roleArn, roleSession }: MskSource, region: string) {
  if (roleArn !== undefined) {
    const session = roleSession === undefined ? {} : { awsRoleSessionName: roleSession };
    return signer.generateAuthTokenFromRole({ region, awsRoleArn: roleArn, ...session });
  }
  if (profile !== undefined) return signer.generateAuthTokenFromProfile({ region, awsProfileName: profile });
  return signer.generateAuthToken({ region });
}

/** By the names that MSK gives its brokers: `b-1.orders.abc123.c2.kafka.eu-central-1.amazonaws.com`. */
function regionOf({ bootstrapServers }: ClusterSettings): string | undefined {
  const names = bootstrapServers.map(({ host }) => /\.kafka(?:-serverless)?\.([a-z\d-]+)\.amazonaws\.com/i.exec(host)?.[1]);
  return names.find((name) => name !== undefined)?.toLowerCase();
}
