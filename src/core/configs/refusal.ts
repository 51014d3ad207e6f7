/** Why the cluster refuses the configs of a resource. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';
import { type ConfigResource, resourceText, resourceTypes } from './resource.ts';

/**
 * The error for a resource whose configs the cluster refuses: names the missing permission, or the Kafka release that added this kind of resource.
 * @param operation what the user must be allowed to do
 */
export function configError(
  errorCode: number,
  what: string,
  errorMessage: string | null,
  resource: ConfigResource,
  operation: 'ALTER_CONFIGS' | 'DESCRIBE_CONFIGS',
): KtError {
  const { name, message } = errorOf(errorCode);
  const { since } = resourceTypes[resource.type];
  // A broker that does not know this kind of resource gives no other reason.
  if (name === 'INVALID_REQUEST' && (!errorMessage || errorMessage.startsWith(message) || unknownKind.test(errorMessage))) {
    return new KtError('refused', `${what} (this Kafka does not have configs of that kind)`, {
      code: 'UNSUPPORTED_VERSION',
      hint: `configs of ${resource.type.replace('-', ' ').replace(/s?$/, 's')} came with Kafka ${since}`,
    });
  }
  const ofItsOwn = resource.type === 'topic' || resource.type === 'group';
  const names = `kt configs describe ${resource.type} ${shellWord(resource.name || 'default')} --all shows names and values`;
  const hint =
    permissionHint(name, operation, ofItsOwn ? resourceText(resource) : 'the cluster') ??
    (name === 'INVALID_CONFIG' ? names : undefined);
  return refused(errorCode, what, errorMessage, hint);
}

const unknownKind = /unsupported resource type|unknown resource type|unexpected (resource )?type/i;
