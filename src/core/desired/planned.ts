/** What all parts of a plan have in common, whatever they are about. */
import { KtError } from '../../base/errors.ts';

/** Something that a file names, or that stands beside it on the cluster, and what is to be done with it. */
export interface Planned {
  /** `unmanaged`: in no file, and left alone. */
  readonly action: 'create' | 'change' | 'delete' | 'none' | 'unmanaged';
  /** Why it cannot be made to match the files. */
  readonly error?: KtError;
}

/** What became of it. */
export type Applied<P extends Planned> = P & {
  /** `planned`: only compared; `valid`: a dry run that the cluster would have accepted. */
  readonly status: 'applied' | 'unchanged' | 'unmanaged' | 'planned' | 'valid' | 'failed';
};

/** The error of each that failed, so far. */
export type Failures<P extends Planned> = ReadonlyMap<P, KtError>;

export interface PlanOptions {
  /** Delete what no file names, instead of leaving it alone. */
  readonly prune: boolean;
}

export interface ApplyOptions {
  /** The cluster only checks the changes. */
  readonly dryRun: boolean;
}

/** What cannot be made as the files want it: to a check it is a difference like any other. */
const impossible = new Set(['INVALID_PARTITIONS', 'INVALID_REPLICATION_FACTOR', 'RESOURCE_NOT_FOUND']);

/** Of a plan that is only shown: what differs from the files fails the check; what the cluster refuses to show is no difference. */
export function checked<P extends Planned>(planned: P): Applied<P> {
  const { error } = planned;
  if (error && !impossible.has(error.code ?? '')) return { ...planned, status: 'failed' };
  const drift = error && { error: new KtError('check', error.message, { code: error.code, hint: error.hint }) };
  return { ...planned, ...drift, status: settledStatus(planned) ?? 'planned' };
}

/** Of a plan that was carried out, or tried. */
export function applied<P extends Planned>(planned: P, failures: Failures<Planned>, { dryRun }: ApplyOptions): Applied<P> {
  const error = failures.get(planned);
  if (error) return { ...planned, status: 'failed', error };
  return { ...planned, status: settledStatus(planned) ?? (dryRun ? 'valid' : 'applied') };
}

function settledStatus({ action }: Planned): 'unchanged' | 'unmanaged' | undefined {
  return action === 'none' ? 'unchanged' : action === 'unmanaged' ? 'unmanaged' : undefined;
}
