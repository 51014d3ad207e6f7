/** Kafka's error codes: by name, and as errors that say what to do next. */
import { KtError } from '../../base/errors.ts';
import { ErrorCode, errorMeanings } from './generated/errors.ts';

export { ErrorCode };

/** The code for an item that is missing in an answer. */
export const leftOut = ErrorCode.UNKNOWN_SERVER_ERROR;

export interface KafkaError {
  readonly name: string;
  readonly retriable: boolean;
  readonly message: string;
}

let byCode: Map<number, KafkaError> | undefined;

/** What a code means; a code newer than kt is UNKNOWN_ERROR_CODE_n. */
export function errorOf(code: number): KafkaError {
  byCode ??= namedErrors();
  return (
    byCode.get(code) ?? {
      name: `UNKNOWN_ERROR_CODE_${code}`,
      retriable: false,
      message: `error code ${code}, which kt does not know`,
    }
  );
}

function namedErrors(): Map<number, KafkaError> {
  return new Map(
    Object.entries(ErrorCode).map(([name, code], index) => {
      const [retriable, message] = errorMeanings[index]!;
      return [code, { name, retriable: retriable === 1, message }];
    }),
  );
}

/**
 * The KtError (kind `refused`) for a request that the cluster refused.
 * @param what the subject: `topic orders`
 * @param brokerMessage the broker's own words, which are more exact than the table's
 * @param hint what to type next, where the caller knows better than the table here
 */
export function refused(code: number, what: string, brokerMessage?: string | null, hint?: string): KtError {
  const { name, message } = errorOf(code);
  const why = (brokerMessage || message).replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return new KtError('refused', `${what} (${why})`, { code: name, hint: hint ?? hints[name] });
}

const hints: Readonly<Record<string, string>> = {
  CLUSTER_AUTHORIZATION_FAILED: 'this user lacks a permission on the cluster; its administrator can grant it',
  COORDINATOR_NOT_AVAILABLE: 'the internal topics may still be loading; try again, or --timeout 30s',
  GROUP_AUTHORIZATION_FAILED: 'this user may not read the group; its administrator can grant READ and DESCRIBE on it',
  GROUP_ID_NOT_FOUND: 'kt groups list shows the groups there are',
  GROUP_MAX_SIZE_REACHED: 'the group is full; stop a member, or use another --group',
  ILLEGAL_GENERATION: 'the group rebalanced in between; run it again',
  INCONSISTENT_GROUP_PROTOCOL:
    'its members share no assignor with kt (range, roundrobin, cooperative-sticky); use another --group',
  INVALID_CONFIG: 'kt topics describe TOPIC --configs all shows names and values',
  INVALID_PARTITIONS: 'give 1 or more with --partitions',
  INVALID_PRODUCER_EPOCH: 'another producer took over; run it again',
  INVALID_RECORD: 'a compacted topic takes only records with a key: -K, -k or "key" in JSON',
  INVALID_REPLICATION_FACTOR: 'give no more than there are brokers with --replication-factor',
  INVALID_TIMESTAMP:
    'the topic takes times up to message.timestamp.before.max.ms ago and message.timestamp.after.max.ms ahead; kt topics describe TOPIC --configs all shows both',
  INVALID_TOPIC_EXCEPTION:
    'names have up to 249 letters, digits, dots, underscores and dashes; if you mean a partition, try -p',
  LEADER_NOT_AVAILABLE: 'the partition has no leader; kt topics describe TOPIC shows its replicas',
  MESSAGE_TOO_LARGE: 'the topic takes records up to its max.message.bytes; kt topics describe TOPIC --configs all shows it',
  NON_EMPTY_GROUP: 'the group still has members; stop them first, kt groups describe GROUP shows them',
  NOT_ENOUGH_REPLICAS: 'too few replicas are in sync for acks=all; kt topics describe TOPIC shows them',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'too few replicas are in sync for acks=all; kt topics describe TOPIC shows them',
  OFFSET_OUT_OF_RANGE: 'kt topics describe TOPIC shows which offsets there are',
  POLICY_VIOLATION: "the cluster's policy forbids it; its administrator knows the rules",
  PRODUCER_FENCED: 'another producer with this transactional id took over',
  RECORD_LIST_TOO_LARGE:
    'a batch of records may be as large as a segment; kt topics describe TOPIC --configs all shows segment.bytes',
  TOPIC_ALREADY_EXISTS: '--if-not-exists accepts a topic that is there already',
  TOPIC_AUTHORIZATION_FAILED:
    'this user lacks a permission on the topic (READ to tail, WRITE to produce, DESCRIBE to list it); its administrator can grant it',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'this user may not use the transactional id; its administrator can grant it',
  UNKNOWN_TOPIC_OR_PARTITION: 'kt topics list shows the topics there are',
  UNSUPPORTED_VERSION: 'the broker is too old for this; kt -v shows each request and its version',
};
