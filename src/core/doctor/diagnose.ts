/** The examination as a whole: the steps in their order, each of which needs some of those before it. */

import { examineClock } from './clock.ts';
import { examineController } from './controller.ts';
import { examineDisk } from './disk.ts';
import { type Examination, type StepName, skipped } from './finding.ts';
import { examineGroup } from './group.ts';
import { examineListeners } from './listeners.ts';
import { examineMetadata, type Known } from './metadata.ts';
import type { Patient } from './patient.ts';
import { examinePermissions } from './permissions.ts';
import { examineReplicas } from './replicas.ts';
import { examineSettings } from './settings.ts';
import { examineReading, examineTopic } from './topic.ts';
import { examineWaysIn } from './way-in.ts';
import { examineWriting } from './write.ts';

/** Looks at everything, and yields each finding when it is there. @throws only an interruption, and bugs */
export async function* diagnose(patient: Patient): Examination<void> {
  const settings = yield* examineSettings(patient);
  if (!settings) return yield* skips(['dns', 'tcp', 'api-versions', ...clusterSteps(patient)], patient, 'settings');
  const [through] = yield* examineWaysIn(settings, patient.signal, patient.trace);
  if (!through) return yield* skips(clusterSteps(patient), patient, 'a way in');
  const known = yield* examineMetadata(patient, settings);
  if (!known) return yield* skips(clusterSteps(patient).slice(1), patient, 'metadata');
  const reached = yield* examineListeners(known, through, patient.trace);
  const leadership = yield* examineController(known);
  yield* examineClock(known, leadership === 'quorum');
  yield* examineReplicas(known, leadership === 'none' ? reached : undefined);
  if (reached.length > 0) yield* examineDisk(known.cluster, reached, known.metadata.brokers.length - reached.length);
  else yield skipped('disk', 'all brokers', 'listener');
  yield* examinePermissions(known, patient);
  yield* examineRecords(known, patient, reached.length > 0);
}

/** @param isReached whether there is a broker that can be asked for records */
async function* examineRecords({ cluster }: Known, patient: Patient, isReached: boolean): Examination<void> {
  const { topic: name, group, write } = patient;
  const topic = name === undefined ? undefined : yield* examineTopic(cluster, name);
  if (!isReached) return yield* skips(recordSteps(patient), patient, 'listener');
  if (topic) yield* examineReading(cluster, topic);
  else if (name !== undefined) yield skipped('read', name, 'topic');
  if (group !== undefined) yield* examineGroup(cluster, { ...patient, group });
  if (!write) return;
  if (topic) yield* examineWriting(cluster, topic);
  else yield skipped('write', name!, 'topic');
}

/** What follows a way in. */
function clusterSteps(patient: Patient): readonly StepName[] {
  const topic: readonly StepName[] = patient.topic === undefined ? [] : ['topic'];
  const cluster = ['metadata', 'listener', 'controller', 'clock', 'replicas', 'disk', 'permissions'] as const;
  return [...cluster, ...topic, ...recordSteps(patient)];
}

function recordSteps({ topic, group, write }: Patient): readonly StepName[] {
  const read: readonly StepName[] = topic === undefined ? [] : ['read'];
  return [...read, ...(group === undefined ? [] : (['group'] as const)), ...(write ? (['write'] as const) : [])];
}

function* skips(all: readonly StepName[], { topic, group }: Patient, needs: string) {
  for (const step of all) {
    const target = step === 'group' ? group! : ['topic', 'read', 'write'].includes(step) ? topic! : 'the cluster';
    yield skipped(step, target, needs);
  }
}
