import { variable } from '../aws/environment';

/** Returns the URL at which viewers reach the distribution, without a slash at its end. The local runtime says it in `EDGEPASS_DISTRIBUTION_URL`. */
export function distributionUrl(): string {
  return process.env.EDGEPASS_DISTRIBUTION_URL ?? `https://${variable('DISTRIBUTION_DOMAIN_NAME')}`;
}
