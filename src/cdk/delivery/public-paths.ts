import { Annotations, Token } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  type Distribution,
  type IOrigin,
  type IResponseHeadersPolicyRef,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { RESERVED_SEGMENTS } from '../../api/reserved-segments';
import type { UploadProps } from '../api/uploads';
import { PropertyError } from '../base/property-error';

/** Source: CloudFront API Reference, CacheBehavior, PathPattern, and CloudFront Developer Guide, "Path pattern": at most 255 characters, these. */
const PATH_PATTERN = /^[A-Za-z0-9_\-.*$/~"'@:+&?]{1,255}$/;

/** `publicPaths`, checked. @throws PropertyError for what is no path pattern, or opens more than objects of the bucket. */
export function readPublicPaths(patterns: readonly string[]): readonly string[] {
  const paths = patterns.map((pattern) => pattern.replace(/^\//, ''));
  for (const [at, path] of paths.entries()) {
    const refuse = (problem: string): never => {
      throw new PropertyError(`publicPaths[${at}]`, `is ${JSON.stringify(patterns[at])}: ${problem}`);
    };
    if (!PATH_PATTERN.test(path))
      refuse('give a path pattern of at most 255 letters, digits and _-.*$/~"\'@:+&?, such as public/*');
    const reserved = RESERVED_SEGMENTS.find((segment) => canLeadTo(path, segment));
    if (reserved !== undefined)
      refuse(`it could lead to /${reserved}/ too: begin it with a name of its own, such as public/*`);
    if (paths.indexOf(path) < at) refuse('it is there already');
  }
  return paths;
}

/** True when the segment, or something below it, matches the pattern. */
const canLeadTo = (pattern: string, segment: string): boolean =>
  matchesStart(pattern, `${segment}/`) || matchesStart(`${pattern}/`, `${segment}/`);

/** True when the pattern matches a text that begins so. */
function matchesStart(pattern: string, start: string): boolean {
  if (start === '' || pattern.startsWith('*')) return true;
  const isSame = pattern[0] === '?' || pattern[0] === start[0];
  return isSame && matchesStart(pattern.slice(1), start.slice(1));
}

/** The part of `PrivateContentProps` that public paths are about. */
export interface PublicPathsProps {
  readonly publicPaths?: string[];
  readonly responseHeaders?: IResponseHeadersPolicyRef;
  readonly uploads?: UploadProps;
}

/** Who may only upload would show anything to everybody, a web page with scripts too, at the address of all else. */
export function addPublicUploadWarning(scope: Construct, { publicPaths = [], uploads }: PublicPathsProps): void {
  const { prefix = '' } = uploads ?? {};
  if (!uploads || Token.isUnresolved(prefix)) return;
  const open = readPublicPaths(publicPaths).filter((path) => matchesStart(path, prefix));
  if (open.length === 0) return;
  Annotations.of(scope).addWarningV2(
    'edgepass:publicUploads',
    `callers can upload to the public path ${open.join(', ')}, and show everybody what they like: give uploads.prefix, and let no public path lead there`,
  );
}

/** A behavior each, after those that are there: the first that matches is taken. */
export function addPublicPaths(distribution: Distribution, origin: IOrigin, props: PublicPathsProps): void {
  for (const path of readPublicPaths(props.publicPaths ?? []))
    distribution.addBehavior(path, origin, {
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      // Without a query: whoever asks could otherwise choose what a file is called for others.
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      ...(props.responseHeaders && { responseHeadersPolicy: props.responseHeaders }),
    });
}
