/** Every command there is, in the order help shows them: the only registration. A command's module is loaded when it is chosen. */
import type { Registration } from '../cli/catalog.ts';

export const commands: readonly Registration[] = [
  {
    name: 'topics list',
    summary: 'List topics',
    load: () => import('./topics/list.ts').then((module) => module.topicsList),
  },
  {
    name: 'topics create',
    summary: 'Create topics',
    load: () => import('./topics/create.ts').then((module) => module.topicsCreate),
  },
  {
    name: 'topics describe',
    summary: 'Describe topics, their partitions, offsets and configs',
    load: () => import('./topics/describe.ts').then((module) => module.topicsDescribe),
  },
  {
    name: 'topics alter',
    summary: 'Change configs and the number of partitions of topics',
    load: () => import('./topics/alter.ts').then((module) => module.topicsAlter),
  },
  {
    name: 'topics delete',
    summary: 'Delete topics with all their records',
    load: () => import('./topics/delete.ts').then((module) => module.topicsDelete),
  },
  {
    name: 'topics delete-records',
    summary: 'Delete the oldest records of a topic',
    load: () => import('./topics/delete-records.ts').then((module) => module.topicsDeleteRecords),
  },
  {
    name: 'topics offsets',
    summary: 'Show the offset at a position',
    load: () => import('./topics/offsets.ts').then((module) => module.topicsOffsets),
  },
  {
    name: 'topics apply',
    summary: 'Make topics, rules and quotas match YAML files, or check for drift',
    load: () => import('./topics/apply.ts').then((module) => module.topicsApply),
  },
  {
    name: 'topics export',
    summary: 'Print topics as YAML, for kt topics apply',
    load: () => import('./topics/export.ts').then((module) => module.topicsExport),
  },
  {
    name: 'pipe',
    aliases: ['copy'],
    summary: 'Copy records from topics to a topic, filtered and changed on the way',
    load: () => import('./pipe.ts').then((module) => module.pipe),
  },
  {
    name: 'produce',
    summary: 'Write records to a topic',
    load: () => import('./produce.ts').then((module) => module.produce),
  },
  {
    name: 'aggregate',
    summary: 'Count, sum and measure records by key and time window',
    load: () => import('./aggregate.ts').then((module) => module.aggregate),
  },
  {
    name: 'configs describe',
    summary: 'Show configs of topics, brokers, loggers, groups and client metrics',
    load: () => import('./configs/describe.ts').then((module) => module.configsDescribe),
  },
  {
    name: 'configs alter',
    summary: 'Change configs of a topic, broker, logger, group or client metrics',
    load: () => import('./configs/alter.ts').then((module) => module.configsAlter),
  },
  {
    name: 'tail',
    summary: 'Print records as they arrive, or up to an end',
    aliases: ['consume'],
    load: () => import('./tail.ts').then((module) => module.tail),
  },
  {
    name: 'table',
    summary: 'Show a topic as a table: the newest value of each key',
    load: () => import('./table.ts').then((module) => module.table),
  },
  {
    name: 'trace',
    summary: 'Follow one event through topics, and check its steps',
    load: () => import('./trace.ts').then((module) => module.trace),
  },
  {
    name: 'top',
    summary: 'Watch a cluster live: rates, lag, brokers, any record',
    load: () => import('./top.ts').then((module) => module.top),
  },
  {
    name: 'lag',
    summary: 'Show how far groups are behind, and check it',
    load: () => import('./lag.ts').then((module) => module.lag),
  },
  {
    name: 'groups list',
    summary: 'List consumer, share and streams groups',
    load: () => import('./groups/list.ts').then((module) => module.groupsList),
  },
  {
    name: 'groups describe',
    summary: 'Describe groups: members, assignment and offsets',
    load: () => import('./groups/describe.ts').then((module) => module.groupsDescribe),
  },
  {
    name: 'groups reset-offsets',
    summary: "Change a group's offsets: shows a plan; --execute applies it",
    load: () => import('./groups/reset-offsets.ts').then((module) => module.groupsResetOffsets),
  },
  {
    name: 'groups delete',
    summary: 'Delete groups with their committed offsets',
    load: () => import('./groups/delete.ts').then((module) => module.groupsDelete),
  },
  {
    name: 'groups delete-offsets',
    summary: "Delete a group's committed offsets of topics",
    load: () => import('./groups/delete-offsets.ts').then((module) => module.groupsDeleteOffsets),
  },
  {
    name: 'groups remove-members',
    summary: 'Remove members from a group, such as static members that died',
    load: () => import('./groups/remove-members.ts').then((module) => module.groupsRemoveMembers),
  },
  {
    name: 'groups export',
    summary: "Print a group's offsets, for kt groups reset-offsets --from-file",
    load: () => import('./groups/export.ts').then((module) => module.groupsExport),
  },
  {
    name: 'groups copy',
    summary: "Copy a group's offsets to another group",
    load: () => import('./groups/copy.ts').then((module) => module.groupsCopy),
  },
  {
    name: 'groups peek',
    summary: 'Show the record a group is stuck on in each partition',
    load: () => import('./groups/peek.ts').then((module) => module.groupsPeek),
  },
  {
    name: 'cluster describe',
    summary: 'Describe the cluster and its brokers',
    load: () => import('./cluster/describe.ts').then((module) => module.clusterDescribe),
  },
  {
    name: 'cluster health',
    summary: 'Check the health of the cluster',
    load: () => import('./cluster/health.ts').then((module) => module.clusterHealthCommand),
  },
  {
    name: 'cluster quorum',
    summary: 'Show the metadata quorum: leader, voters, observers and their lag',
    load: () => import('./cluster/quorum.ts').then((module) => module.clusterQuorum),
  },
  {
    name: 'cluster quorum add-controller',
    summary: 'Give a controller a vote in the metadata quorum',
    load: () => import('./cluster/quorum/add-controller.ts').then((module) => module.clusterQuorumAddController),
  },
  {
    name: 'cluster quorum remove-controller',
    summary: 'Take a controller’s vote in the metadata quorum',
    load: () => import('./cluster/quorum/remove-controller.ts').then((module) => module.clusterQuorumRemoveController),
  },
  {
    name: 'cluster features',
    summary: 'Show supported and finalized features',
    load: () => import('./cluster/features.ts').then((module) => module.clusterFeatures),
  },
  {
    name: 'cluster features upgrade',
    summary: 'Raise the levels of features',
    load: () => import('./cluster/features/upgrade.ts').then((module) => module.clusterFeaturesUpgrade),
  },
  {
    name: 'cluster features downgrade',
    summary: 'Lower the levels of features',
    load: () => import('./cluster/features/downgrade.ts').then((module) => module.clusterFeaturesDowngrade),
  },
  {
    name: 'cluster features disable',
    summary: 'Disable features',
    load: () => import('./cluster/features/disable.ts').then((module) => module.clusterFeaturesDisable),
  },
  {
    name: 'cluster log-dirs',
    summary: 'Show log directories of brokers, and what uses the space',
    load: () => import('./cluster/log-dirs.ts').then((module) => module.clusterLogDirs),
  },
  {
    name: 'cluster api-versions',
    summary: 'Show the APIs of each broker, and the versions kt uses',
    load: () => import('./cluster/api-versions.ts').then((module) => module.clusterApiVersions),
  },
  {
    name: 'cluster unregister',
    summary: 'Have the cluster forget a broker that is gone for good',
    load: () => import('./cluster/unregister.ts').then((module) => module.clusterUnregister),
  },
  {
    name: 'partitions reassign',
    summary: 'Move replicas of topics to other brokers, or change how many there are',
    load: () => import('./partitions/reassign.ts').then((module) => module.partitionsReassign),
  },
  {
    name: 'partitions reassignments',
    summary: 'List ongoing reassignments',
    load: () => import('./partitions/reassignments.ts').then((module) => module.partitionsReassignments),
  },
  {
    name: 'partitions elect-leaders',
    summary: 'Elect leaders of partitions: the preferred replicas',
    load: () => import('./partitions/elect-leaders.ts').then((module) => module.partitionsElectLeaders),
  },
  {
    name: 'acls list',
    summary: 'List the rules of access control lists',
    load: () => import('./acls/list.ts').then((module) => module.aclsList),
  },
  {
    name: 'acls create',
    summary: 'Create rules that allow or deny',
    load: () => import('./acls/create.ts').then((module) => module.aclsCreate),
  },
  {
    name: 'acls delete',
    summary: 'Delete rules of access control lists',
    load: () => import('./acls/delete.ts').then((module) => module.aclsDelete),
  },
  {
    name: 'acls who-can',
    summary: 'Tell who may do something, from the rules',
    load: () => import('./acls/who-can.ts').then((module) => module.aclsWhoCan),
  },
  {
    name: 'users list',
    summary: 'List the users with SCRAM passwords',
    load: () => import('./users/list.ts').then((module) => module.usersList),
  },
  {
    name: 'users set',
    summary: 'Create a SCRAM user, or change the password',
    load: () => import('./users/set.ts').then((module) => module.usersSet),
  },
  {
    name: 'users delete',
    summary: 'Delete a SCRAM user, or the password for one mechanism',
    load: () => import('./users/delete.ts').then((module) => module.usersDelete),
  },
  {
    name: 'quotas list',
    summary: 'List quotas of users, clients and IP addresses',
    load: () => import('./quotas/list.ts').then((module) => module.quotasList),
  },
  {
    name: 'quotas set',
    summary: 'Set quotas of a user, a client or an IP address',
    load: () => import('./quotas/set.ts').then((module) => module.quotasSet),
  },
  {
    name: 'quotas delete',
    summary: 'Delete quotas of a user, a client or an IP address',
    load: () => import('./quotas/delete.ts').then((module) => module.quotasDelete),
  },
  {
    name: 'tokens list',
    summary: 'List delegation tokens',
    load: () => import('./tokens/list.ts').then((module) => module.tokensList),
  },
  {
    name: 'tokens create',
    summary: 'Create a delegation token',
    load: () => import('./tokens/create.ts').then((module) => module.tokensCreate),
  },
  {
    name: 'tokens renew',
    summary: 'Renew delegation tokens',
    load: () => import('./tokens/renew.ts').then((module) => module.tokensRenew),
  },
  {
    name: 'tokens expire',
    summary: 'End delegation tokens',
    load: () => import('./tokens/expire.ts').then((module) => module.tokensExpire),
  },
  {
    name: 'transactions list',
    summary: 'List transactions and their states',
    load: () => import('./transactions/list.ts').then((module) => module.transactionsList),
  },
  {
    name: 'transactions describe',
    summary: 'Describe transactions: producer, timeout, partitions',
    load: () => import('./transactions/describe.ts').then((module) => module.transactionsDescribe),
  },
  {
    name: 'transactions find-hanging',
    summary: 'Find transactions that hang: no coordinator will end them',
    load: () => import('./transactions/find-hanging.ts').then((module) => module.transactionsFindHanging),
  },
  {
    name: 'transactions abort',
    summary: 'Abort an open transaction, or one that hangs',
    load: () => import('./transactions/abort.ts').then((module) => module.transactionsAbort),
  },
  {
    name: 'producers',
    summary: 'Show who writes to partitions, idempotently or in transactions',
    load: () => import('./producers.ts').then((module) => module.producers),
  },
  {
    name: 'schemas list',
    summary: 'List subjects of the schema registry',
    load: () => import('./schemas/list.ts').then((module) => module.schemasList),
  },
  {
    name: 'schemas get',
    summary: "Print a schema's text",
    load: () => import('./schemas/get.ts').then((module) => module.schemasGet),
  },
  {
    name: 'schemas register',
    summary: 'Register a schema as a version of a subject',
    load: () => import('./schemas/register.ts').then((module) => module.schemasRegister),
  },
  {
    name: 'schemas check',
    summary: "Check whether a schema is compatible with a subject's versions",
    load: () => import('./schemas/check.ts').then((module) => module.schemasCheck),
  },
  {
    name: 'schemas diff',
    summary: 'Show what changed between two versions of a subject',
    load: () => import('./schemas/diff.ts').then((module) => module.schemasDiff),
  },
  {
    name: 'schemas compatibility',
    summary: 'Show or set a compatibility level',
    load: () => import('./schemas/compatibility.ts').then((module) => module.schemasCompatibility),
  },
  {
    name: 'schemas delete',
    summary: 'Delete a subject, or a version of it',
    load: () => import('./schemas/delete.ts').then((module) => module.schemasDelete),
  },
  {
    name: 'schemas usage',
    summary: 'Find topics whose newest records carry a schema',
    load: () => import('./schemas/usage.ts').then((module) => module.schemasUsage),
  },
  {
    name: 'local up',
    summary: 'Start a real Kafka on this machine',
    load: () => import('./local/up.ts').then((module) => module.localUp),
  },
  {
    name: 'local down',
    summary: 'Stop a local Kafka, keeping its data',
    load: () => import('./local/down.ts').then((module) => module.localDown),
  },
  {
    name: 'local status',
    summary: 'Show whether a local Kafka runs, and its brokers',
    load: () => import('./local/status.ts').then((module) => module.localStatusCommand),
  },
  {
    name: 'local list',
    summary: 'List local clusters',
    load: () => import('./local/list.ts').then((module) => module.localList),
  },
  {
    name: 'local logs',
    summary: 'Print what the brokers of a local Kafka log',
    load: () => import('./local/logs.ts').then((module) => module.localLogs),
  },
  {
    name: 'profile list',
    summary: 'List profiles',
    load: () => import('./profile/list.ts').then((module) => module.profileList),
  },
  {
    name: 'profile show',
    summary: 'Show what a profile holds',
    load: () => import('./profile/show.ts').then((module) => module.profileShow),
  },
  {
    name: 'profile add',
    summary: 'Save connection options as a named profile',
    load: () => import('./profile/add.ts').then((module) => module.profileAdd),
  },
  {
    name: 'profile use',
    summary: 'Set the current profile, used unless another is named',
    load: () => import('./profile/use.ts').then((module) => module.profileUse),
  },
  {
    name: 'profile current',
    summary: 'Show which profile is used',
    load: () => import('./profile/current.ts').then((module) => module.profileCurrent),
  },
  {
    name: 'profile rename',
    summary: 'Rename a profile',
    load: () => import('./profile/rename.ts').then((module) => module.profileRename),
  },
  {
    name: 'profile edit',
    summary: 'Open the config file in an editor',
    load: () => import('./profile/edit.ts').then((module) => module.profileEdit),
  },
  {
    name: 'profile remove',
    summary: 'Remove a profile from the config file',
    load: () => import('./profile/remove.ts').then((module) => module.profileRemove),
  },
  {
    name: 'doctor',
    summary: 'Find out why a cluster cannot be reached, or does not work',
    load: () => import('./doctor.ts').then((module) => module.doctor),
  },
  {
    name: 'completion',
    summary: 'Print the completion script for a shell',
    load: () => import('./completion.ts').then((module) => module.completion),
  },
  {
    name: 'complete',
    summary: 'Print the names that completion offers',
    hidden: true,
    load: () => import('./complete.ts').then((module) => module.complete),
  },
  {
    name: 'man',
    summary: 'Print a manual page',
    hidden: true,
    load: () => import('./man.ts').then((module) => module.man),
  },
];
