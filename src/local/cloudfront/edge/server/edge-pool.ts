import type { Certificate } from '../../../certificate';
import type { DeployedDistribution } from '../../deployed-distribution';
import type { EdgeSettings, StaleObject } from '../edge';

/** The edges that serve viewers: one in this process, or several in processes of their own. */
export interface EdgePool {
  readonly ports: EdgePorts;
  /** Serves this distribution from now on; before, every request is answered 503. */
  deploy(distribution: DeployedDistribution): Promise<void>;
  /** Resolves when nobody serves the old any more. */
  invalidate(paths: readonly string[]): Promise<void>;
  /** Tells of an object that was written or deleted; resolves with what some cache goes on serving all the same. */
  objectChanged(change: ObjectChange): Promise<StaleObject | undefined>;
  close(): Promise<void>;
}

export interface EdgePorts {
  readonly http: number;
  readonly https: number | undefined;
}

export interface ObjectChange {
  readonly bucket: string;
  readonly key: string;
}

/** The options that an edge starts with; plain data, so that they can be sent to another process. */
export interface EdgePoolOptions {
  /** 0 for any free one; HTTPS when there is a certificate. */
  readonly ports: EdgePorts;
  readonly tls: Certificate | undefined;
  /** Served from the first request on. @default - `deploy` brings it */
  readonly distribution?: DeployedDistribution | undefined;
  readonly settings: Omit<EdgeSettings, 'httpsHost'>;
}
