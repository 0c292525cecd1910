import { variable } from '../aws/environment';

/** A home says by `EDGEPASS_DISTRIBUTION_URL` how viewers reach it; on AWS the domain name does. Without a slash at its end. */
export function distributionUrl(): string {
  return process.env.EDGEPASS_DISTRIBUTION_URL ?? `https://${variable('DISTRIBUTION_DOMAIN_NAME')}`;
}
