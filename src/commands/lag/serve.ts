/** Metrics over HTTP, measured for each scrape so that they are never older. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KtError } from '../../base/errors.ts';
import { whenAborted } from '../../base/pause.ts';
import type { Context } from '../../context.ts';
import type { LagOptions } from '../../core/lag/options.ts';
import { type LagReport, measureLag } from '../../core/lag/report.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { lagMetrics } from './metrics.ts';

/**
 * Serves GET /metrics until the signal is aborted, then throws its reason. While the cluster does not answer, a scrape has no lag, only
 * `kt_up 0` and one more error; whatever else is missing counts as an error too.
 * @throws KtError `usage` when the address cannot be listened on
 */
export async function serveLag(
  { cluster, signal, note }: Pick<Context, 'cluster' | 'signal' | 'note'>,
  texts: readonly string[],
  options: LagOptions,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<never> {
  const scraper = await scraperOf(cluster, texts, options);
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response
        .writeHead(status, { 'content-type': `${type}; charset=utf-8` })
        .end(request.method === 'HEAD' ? undefined : body);
    };
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'text/plain', 'use GET\n');
    else if (path === '/metrics') {
      scraper().then(
        (text) => answer(200, 'text/plain; version=0.0.4', text),
        () => answer(500, 'text/plain', 'the metrics could not be collected\n'),
      );
    } else if (path === '/') answer(200, 'text/html', '<a href="/metrics">metrics</a>\n');
    else answer(404, 'text/plain', 'metrics are at /metrics\n');
  });
  await listen(server, host, port);
  const { address, port: taken, family } = server.address() as AddressInfo;
  note(`serving http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/metrics`);
  try {
    return await new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      whenAborted(signal, () => reject(signal.reason));
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Node and Bun say these in different words. */
const refusals: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'no permission for this port',
  ENOTFOUND: 'the host name is not found',
};

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = refusals[error.code ?? ''] ?? error.message;
      const hint = 'choose another address, or --serve 0 for any free port';
      reject(new KtError('usage', `--serve ${host}:${port} (${why})`, { code: error.code, hint, cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

/** Makes the text of one scrape; concurrent scrapes share one measurement. */
async function scraperOf(
  cluster: () => Promise<Cluster>,
  texts: readonly string[],
  options: LagOptions,
): Promise<() => Promise<string>> {
  const { Counter, Gauge, Registry } = (await import('prom-client')).default;
  const registry = new Registry();
  const registers = [registry];
  const up = new Gauge({ name: 'kt_up', help: '1 when the cluster answered this scrape', registers });
  const duration = new Gauge({ name: 'kt_scrape_duration_seconds', help: 'Duration of the last scrape in seconds', registers });
  const errors = new Counter({
    name: 'kt_scrape_errors_total',
    help: 'Problems of all scrapes: no connection, groups, topics or partitions that could not be measured',
    labelNames: ['code'],
    registers,
  });
  const measure = async (): Promise<LagReport> => {
    try {
      return await measureLag(await cluster(), texts, options);
    } catch (error) {
      return {
        clusterId: null,
        groups: [],
        positions: new Map(),
        problems: [error instanceof KtError ? error : new KtError('bug', String(error))],
      };
    }
  };
  const scrape = async (): Promise<string> => {
    const start = performance.now();
    const report = await measure();
    duration.set((performance.now() - start) / 1000);
    const unknown = report.groups.flatMap(({ partitions }) => partitions.filter(({ status }) => status === 'unavailable'));
    for (const { code, kind } of report.problems) errors.inc({ code: code ?? kind });
    if (unknown.length > 0) errors.inc({ code: 'LEADER_NOT_AVAILABLE' }, unknown.length);
    up.set(report.groups.length === 0 && report.problems.some(({ kind }) => kind !== 'refused') ? 0 : 1);
    return lagMetrics(report, registry);
  };
  let running: Promise<string> | undefined;
  return () =>
    (running ??= scrape().finally(() => {
      running = undefined;
    }));
}
