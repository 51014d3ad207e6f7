/** Says which permission is missing, in the words of Kafka's ACLs. */

/**
 * The hint for a request that was refused because of a missing permission, or undefined for any other error.
 * @param code Kafka's error name
 * @param operation as ACLs name it: `ALTER_CONFIGS`
 * @param resource what it is needed on: `topic orders`
 */
export function permissionHint(code: string, operation: string, resource: string): string | undefined {
  return code.endsWith('_AUTHORIZATION_FAILED')
    ? `this user needs ${operation} on ${resource}; its administrator can grant it`
    : undefined;
}
