/** Why a group did not take a member, in words that say what to do. */

import type { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { errorOf, refused } from '../wire/errors.ts';
import { assignors } from './assignors.ts';

const reasons: Readonly<Record<string, (group: string) => readonly [why: string, hint: string]>> = {
  INCONSISTENT_GROUP_PROTOCOL: (group) => [
    `its members share none of the assignors ${[...assignors.keys()].join(', ')}, or it is not a consumer group`,
    `kt groups describe ${shellWord(group)} shows its members; another --group reads the same topics independently`,
  ],
  GROUP_MAX_SIZE_REACHED: (group) => [
    'it has as many members as the broker allows',
    `stop one (kt groups describe ${shellWord(group)} lists them), or raise group.max.size on the brokers`,
  ],
  GROUP_AUTHORIZATION_FAILED: (group) => [
    `no permission: READ on group ${group}`,
    `this user needs READ on group ${group}; its administrator can grant it`,
  ],
  TOPIC_AUTHORIZATION_FAILED: () => [
    'no permission: READ on one of the topics',
    'this user needs READ on every topic it reads; its administrator can grant it',
  ],
  INVALID_SESSION_TIMEOUT: () => [
    'the broker does not allow this session timeout',
    'stay between group.min.session.timeout.ms and group.max.session.timeout.ms of the brokers',
  ],
  FENCED_INSTANCE_ID: (group) => [
    'another member took over this group instance id',
    `give every static member an instance id of its own; kt groups describe ${shellWord(group)} lists them`,
  ],
  UNRELEASED_INSTANCE_ID: (group) => [
    'another member with this group instance id has not left, or its session has not ended',
    `stop that member, or wait a minute where it crashed; kt groups describe ${shellWord(group)} lists them`,
  ],
  GROUP_ID_NOT_FOUND: () => [
    'the group now uses another protocol, and the brokers do not convert it',
    'run it again: kt then uses the protocol of its members',
  ],
  INVALID_GROUP_ID: () => ['Kafka does not accept this group id', 'give a group id that is not empty'],
  UNSTABLE_OFFSET_COMMIT: () => [
    'an open transaction is about to change the committed offsets',
    'wait until that transaction ends, then run it again',
  ],
};

/** The `refused` error for a group's answer. `what` is what could not be done, `join` by default. */
export function groupRefusal(errorCode: number, group: string, what = 'join'): KtError {
  const [why, hint] = reasons[errorOf(errorCode).name]?.(group) ?? [
    null,
    `kt groups describe ${shellWord(group)} shows the state it is in`,
  ];
  return refused(errorCode, `cannot ${what} group ${group}`, why, hint);
}
