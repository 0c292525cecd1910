import type { RequestListener } from 'node:http';
import { closeServer, listen, trackSessions } from '../../../http/listen';
import type { DeployedDistribution } from '../../deployed-distribution';
import { cutOff } from '../body/cut-off';
import { createEdge, type Edge, type EdgeCallbacks } from '../edge';
import { newRequestId } from '../response/answers';
import { answerPage } from '../response/respond';
import { readViewer, type Viewer } from '../viewer';
import type { EdgePool, EdgePoolOptions } from './edge-pool';
import { createEdgeServer, createSecureEdgeServer } from './edge-server';

/** Serves viewers in this process. @throws LocalError */
export async function startEdge(options: EdgePoolOptions, callbacks: EdgeCallbacks): Promise<EdgePool> {
  const { ports: requestedPorts, tls, settings } = options;
  let httpsPort = requestedPorts.https;
  let edge: Edge | undefined;
  const deploy = (distribution: DeployedDistribution): void => {
    edge ??= createEdge({ ...settings, ...callbacks, httpsHost: tls && ((): string => `127.0.0.1:${httpsPort}`) });
    edge.deploy(distribution);
  };
  if (options.distribution) deploy(options.distribution);

  const http = createEdgeServer(viewerListener(() => edge, 'http'));
  const https =
    tls &&
    createSecureEdgeServer(
      viewerListener(() => edge, 'https'),
      tls,
    );
  const closeHttps = https && trackSessions(https);
  httpsPort = https && (await listen(https, requestedPorts.https ?? 0, '--https-port'));
  const ports = { http: await listen(http, requestedPorts.http, '--distribution-port'), https: httpsPort };

  return {
    ports,
    deploy: async (distribution) => deploy(distribution),
    async invalidate(paths) {
      edge?.invalidate(paths);
    },
    objectChanged: async ({ bucket, key }) => edge?.objectChanged(bucket, key),
    async close() {
      await Promise.all([closeServer(http), closeHttps?.()]);
    },
  };
}

/** What fails in between is the origin's failure to the viewer: a 502, or a cut where bytes have gone out already. */
export function viewerListener(find: () => Edge | undefined, scheme: Viewer['scheme']): RequestListener {
  return (request, response) => {
    const edge = find();
    if (!edge) return void response.writeHead(503).end();
    const fail = (error: unknown): void => {
      process.emitWarning(error instanceof Error ? error : String(error));
      if (response.headersSent) cutOff(response);
      else answerPage({ viewer: readViewer(request, scheme), response, id: newRequestId() }, 'origin');
    };
    try {
      edge.answer(request, response, scheme)?.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}
