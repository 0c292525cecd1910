import { Annotations, Arn, ArnFormat, Token } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  type DistributionProps,
  type GeoRestriction,
  type IResponseHeadersPolicyRef,
  type PriceClass,
  SecurityPolicyProtocol,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { PropertyError } from '../base/property-error';
import { readPublicPaths } from './public-paths';

export interface DeliveryProps {
  /**
   * The distribution's alternate domain names, lower case. Links are signed for the first. Point each at `distribution.distributionDomainName`
   * in DNS; without `enableIpv6` an A record is all it takes.
   *
   * @default - the distribution's own name, such as d111111abcdef8.cloudfront.net
   */
  readonly domainNames?: string[];

  /**
   * The certificate for `domainNames`, in us-east-1. Viewers need TLS 1.2 or newer (`TLSv1.2_2021`).
   *
   * @default - CloudFront's own, for its own name
   */
  readonly certificate?: ICertificate;

  /**
   * Which edge locations serve.
   *
   * @default PriceClass.PRICE_CLASS_ALL
   */
  readonly priceClass?: PriceClass;

  /**
   * The countries whose viewers are served, whatever they have been given; also of public paths and the API below `/_api/`.
   *
   * @default - every country
   */
  readonly geoRestriction?: GeoRestriction;

  /**
   * Lets viewers come by IPv6. The policies of links know IPv4 addresses only: a link with an `ipAddress` is refused to who comes by IPv6. Viewers who have IPv6 alone
   * reach the distribution by their network's NAT64.
   *
   * @default false
   */
  readonly enableIpv6?: boolean;

  /**
   * The headers that objects are served with, on public paths too: security headers, or CORS for players in web pages of other origins, such as
   * `ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS`. Pages that send signed cookies need a policy of their own, with
   * `accessControlAllowCredentials` and their origins.
   *
   * @default - those of S3 and CloudFront
   */
  readonly responseHeaders?: IResponseHeadersPolicyRef;

  /**
   * What anybody may read without a signature: path patterns of the bucket's objects, with `*` for any text and `?` for a character, such as
   * `public/*`. Not what could lead to `_api`, `_app` or `_s`.
   *
   * @default - nothing
   */
  readonly publicPaths?: string[];
}

/** What of a distribution these say; its behaviors are `PrivateContent`'s. @throws PropertyError */
export function readDelivery(scope: Construct, props: DeliveryProps): Omit<DistributionProps, 'defaultBehavior'> {
  const { domainNames, certificate, priceClass, geoRestriction, enableIpv6 = false, publicPaths = [] } = props;
  if (domainNames) checkDomainNames(domainNames);
  if (domainNames && !certificate)
    throw new PropertyError('certificate', 'is missing: CloudFront serves domainNames with a certificate for them');
  if (certificate && !domainNames)
    throw new PropertyError('domainNames', 'is missing: give the names that the certificate is for');
  if (certificate) checkCertificate(certificate);
  readPublicPaths(publicPaths);
  if (enableIpv6)
    Annotations.of(scope).addWarningV2(
      'edgepass:ipAddressWithIpv6',
      'enableIpv6 is true, and CloudFront compares a link’s ipAddress with IPv4 addresses alone: who comes by IPv6 is refused a link that has one',
    );
  return {
    ...(domainNames && { domainNames, certificate, minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021 }),
    ...(priceClass && { priceClass }),
    ...(geoRestriction && { geoRestriction }),
    enableIpv6,
  };
}

/** RFC 1123, section 2.1, and lower case: viewers' programs write hosts so, and a signature covers the host as it is written. */
const DOMAIN_NAME = /^(?=.{1,253}$)(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

function checkDomainNames(names: string[]): void {
  if (names.length === 0) throw new PropertyError('domainNames', 'is empty: give a name, or leave it out');
  for (const [at, name] of names.entries()) {
    if (Token.isUnresolved(name)) continue;
    const refuse = (problem: string): never => {
      throw new PropertyError(`domainNames[${at}]`, `is ${JSON.stringify(name)}: ${problem}`);
    };
    if (!DOMAIN_NAME.test(name)) refuse('give a domain name in lower case, such as files.example.com');
    if (at === 0 && name.startsWith('*')) refuse('links are signed for the first, so give one without a wildcard');
    if (names.indexOf(name) < at) refuse('it is there already');
  }
}

/** Source: CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront". */
const CERTIFICATE_REGION = 'us-east-1';

function checkCertificate(certificate: ICertificate): void {
  const { certificateArn, env } = certificate;
  const region = Token.isUnresolved(certificateArn)
    ? env.region
    : Arn.split(certificateArn, ArnFormat.SLASH_RESOURCE_NAME).region;
  if (region === undefined || Token.isUnresolved(region) || region === CERTIFICATE_REGION) return;
  throw new PropertyError(
    'certificate',
    `is in ${region}; CloudFront takes certificates of ${CERTIFICATE_REGION} alone: make it in a stack of that region, with crossRegionReferences on both`,
  );
}
