import type { Behavior, DeployedSystem, Distribution } from './deployed-system';
import type { Check, DoctorSettings, Finding } from './finding';
import { observed } from './observation';

/** Behaviors that are the stack's own and open by design: the API, which asks for a key itself, and the page. */
const OPEN_BY_DESIGN = ['_api/*', '_app/*'];

const DOWNLOAD_NAME = 'response-content-disposition';

const nameOf = ({ pathPattern }: Behavior): string =>
  pathPattern === '*' ? 'the default behavior' : `the behavior ${pathPattern}`;

/** Those that lead to a bucket of people's files. */
export function contentBehaviors({ behaviors, origins }: Distribution, { publicPaths }: DoctorSettings): Behavior[] {
  const open = new Set([...OPEN_BY_DESIGN, ...publicPaths].map(withoutSlash));
  const buckets = new Set(origins.filter(({ bucket }) => bucket !== undefined).map(({ id }) => id));
  return behaviors.filter(({ pathPattern, originId }) => buckets.has(originId) && !open.has(withoutSlash(pathPattern)));
}

/** CloudFront takes a pattern with and without its first slash. Source: CloudFront Developer Guide, "Path pattern". */
const withoutSlash = (pattern: string): string => pattern.replace(/^\//, '');

export const DISTRIBUTION_CHECKS: readonly Check[] = [
  {
    title: 'the distribution is enabled',
    run: ({ distribution }) => (observed(distribution).enabled ? [] : [disabled(observed(distribution))]),
  },
  { title: 'the buckets know the distribution by origin access control', run: originAccess },
  {
    title: 'viewers come by HTTPS alone',
    run: ({ distribution }) =>
      observed(distribution)
        .behaviors.filter(({ viewerProtocolPolicy }) => viewerProtocolPolicy === 'allow-all')
        .map((behavior) => ({
          code: 'HTTP_ALLOWED',
          severity: 'error',
          what: `${nameOf(behavior)} serves plain HTTP: whoever listens in has the link and the file`,
          fix: 'viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS',
        })),
  },
  {
    title: 'every behavior for files asks for a signature',
    run: ({ distribution }, settings) =>
      contentBehaviors(observed(distribution), settings)
        .filter(({ trustedKeyGroups }) => trustedKeyGroups.length === 0)
        .map((behavior) => ({
          code: 'NO_TRUSTED_KEY_GROUP',
          severity: 'error',
          what: `${nameOf(behavior)} serves files to anybody: it has no trusted key group`,
          fix: `trustedKeyGroups: [keyGroup]; where that is meant, edgepass doctor --public-path '${behavior.pathPattern}'`,
        })),
  },
  { title: 'a download’s name reaches the bucket', run: downloadNames },
  {
    title: 'viewers come by IPv4 alone',
    run: ({ distribution }) => (observed(distribution).ipv6Enabled ? [IPV6] : []),
  },
];

function disabled({ id }: Distribution): Finding {
  return {
    code: 'DISTRIBUTION_DISABLED',
    severity: 'error',
    what: `the distribution ${id} is disabled: no link works`,
    fix: `enable it in the console, or deploy again: edgepass deploy`,
  };
}

function originAccess({ distribution }: DeployedSystem): Finding[] {
  const fix = 'S3BucketOrigin.withOriginAccessControl(bucket)';
  return observed(distribution).origins.flatMap(
    ({ bucket, originAccessControlId, originAccessIdentity }): Finding[] => {
      if (bucket === undefined || originAccessControlId) return [];
      return [
        originAccessIdentity
          ? {
              code: 'ORIGIN_ACCESS_IDENTITY',
              severity: 'warning',
              what: `the bucket ${bucket} knows the distribution by an origin access identity, which AWS calls legacy: no SSE-KMS, no new regions`,
              fix,
            }
          : {
              code: 'ORIGIN_ACCESS_CONTROL_MISSING',
              severity: 'error',
              what: `CloudFront asks the bucket ${bucket} without a signature: a private bucket refuses, and one that answers is public`,
              fix,
            },
      ];
    },
  );
}

function downloadNames({ distribution }: DeployedSystem, settings: DoctorSettings): Finding[] {
  const signed = contentBehaviors(observed(distribution), settings).filter((one) => one.trustedKeyGroups.length > 0);
  return signed.flatMap((behavior): Finding[] => {
    const { behavior: rule, names } = observed(behavior.queryStrings);
    const isNamed = names.some((name) => name.toLowerCase() === DOWNLOAD_NAME);
    const passes = rule === 'all' || (rule === 'whitelist' && isNamed) || (rule === 'allExcept' && !isNamed);
    if (passes) return [];
    return [
      {
        code: 'DOWNLOAD_NAME_NOT_PASSED_ON',
        severity: 'warning',
        what: `${nameOf(behavior)} drops the query parameter ${DOWNLOAD_NAME}: links with "downloadAs" open, and the browser names the file by its key`,
        fix: `in its cache policy: queryStringBehavior: CacheQueryStringBehavior.allowList('${DOWNLOAD_NAME}')`,
      },
    ];
  });
}

/** Source: CloudFront Developer Guide, "Values that you specify in a custom policy": IpAddress is an IPv4 range. */
const IPV6: Finding = {
  code: 'IPV6_ENABLED',
  severity: 'information',
  what: 'IPv6 is on: a link that is bound to an IPv4 address is refused to a viewer who comes by IPv6',
  fix: 'where links are bound to addresses: enableIpv6: false',
};
