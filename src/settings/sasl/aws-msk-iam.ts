/** AWS_MSK_IAM: as whom AWS knows the user. Credentials are AWS's own business: variables, `~/.aws`, SSO, roles of machines. */
import { usageError } from '../../base/errors.ts';
import type { SaslMechanism } from './mechanism.ts';

/** AWS's library for Java has them as options of its login line; the names here are kt's own. */
const properties = [
  'sasl.aws.msk.iam.region',
  'sasl.aws.msk.iam.profile',
  'sasl.aws.msk.iam.role.arn',
  'sasl.aws.msk.iam.role.session.name',
] as const;

export const awsMskIam: SaslMechanism<(typeof properties)[number]> = {
  names: ['AWS_MSK_IAM'],
  properties,
  secrets: [],
  jaas: {
    module: /^software\.amazon\.msk\.auth\.iam\.IAMLoginModule$/,
    options: {
      awsStsRegion: 'sasl.aws.msk.iam.region',
      awsProfileName: 'sasl.aws.msk.iam.profile',
      awsRoleArn: 'sasl.aws.msk.iam.role.arn',
      awsRoleSessionName: 'sasl.aws.msk.iam.role.session.name',
    },
  },
  read(_mechanism, given, _missing, { env }) {
    const text = (name: (typeof properties)[number]) => given.get(name)?.value || undefined;
    const [profile, roleArn] = [text('sasl.aws.msk.iam.profile'), text('sasl.aws.msk.iam.role.arn')];
    if (profile !== undefined && roleArn !== undefined) {
      throw usageError(
        `${given.get('sasl.aws.msk.iam.role.arn')!.label}: there is a profile as well`,
        "give one of them; a profile's own role_arn is assumed, too",
      );
    }
    return {
      mechanism: 'AWS_MSK_IAM',
      source: {
        kind: 'msk',
        region: text('sasl.aws.msk.iam.region'),
        usualRegion: env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined,
        profile,
        roleArn,
        roleSession: text('sasl.aws.msk.iam.role.session.name'),
      },
      extensions: {},
    };
  },
};
