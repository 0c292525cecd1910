import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AssetHashType, CustomResource, DockerImage, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  type Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { EnvironmentOf } from '../../api/environment';
import { globalName } from '../base/global-name';
import { bundlePath, PrivilegedFunction } from '../base/privileged-function';
import { allowCloudFront } from '../bucket/bucket-access';
import { BucketOrigin } from '../bucket/bucket-origin';
import { PRIVATE_BUCKET } from '../bucket/private-bucket';
import { readSite, SITE_SEGMENT, type SiteManifest } from './site-files';

/** Source: CloudFront API Reference, ResponseHeadersPolicyConfig, Name. */
const LONGEST_POLICY_NAME = 128;

export interface SiteProps {
  /**
   * A folder whose files everybody may read below the distribution's `/_app/`, where its `index.html` is: a web page. They are in a bucket of their own.
   *
   * @default - no site
   */
  readonly site?: string;
}

export interface SiteAssetsProps {
  /** The folder whose files are served, with an `index.html`: at most 1,000 files, 50 MiB, none of them hidden or a link. */
  readonly site: string;
  /** Gets the behavior `_app/*`. */
  readonly distribution: Distribution;
  /** What the page may upload to, by presigned requests. */
  readonly contentBucket: IBucket;
}

/**
 * The files of a folder, for everybody, below the distribution's `/_app/`, from a bucket of their own. `/_app/` is the folder's `index.html`.
 * The page and the private content are of one origin: a file that somebody opens by a link can, as a web page, reach what the page keeps in the browser.
 */
export class SiteAssets extends Construct {
  readonly bucket: Bucket;
  readonly responseHeadersPolicy: ResponseHeadersPolicy;
  /** The function that brings the files into the bucket. */
  readonly deployer: PrivilegedFunction;

  /** @throws PropertyError when the folder cannot be a site. */
  constructor(scope: Construct, id: string, { site, distribution, contentBucket }: SiteAssetsProps) {
    super(scope, id);
    const manifest = readSite('site', site);
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE_BUCKET,
      // Every deployment has the files, so nothing is lost with them.
      versioned: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.responseHeadersPolicy = this.createResponseHeadersPolicy(contentBucket);
    distribution.addBehavior(`${SITE_SEGMENT}/*`, new BucketOrigin(this.bucket), {
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      // Objects say by Cache-Control how long they are kept; `no-cache` means this policy's minimum here, one second.
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: this.responseHeadersPolicy,
      compress: true,
    });
    this.bucket.addToResourcePolicy(allowCloudFront('s3:GetObject', this.bucket.arnForObjects('*'), distribution));
    this.deployer = this.createDeployer(resolve(site), manifest);
    this.deploy(manifest);
  }

  private createResponseHeadersPolicy(contentBucket: IBucket): ResponseHeadersPolicy {
    const override = true;
    return new ResponseHeadersPolicy(this, 'ResponseHeadersPolicy', {
      responseHeadersPolicyName: globalName(this, LONGEST_POLICY_NAME),
      comment: 'The site: its own scripts only, in no frame',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(contentBucket), override },
        contentTypeOptions: { override },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override },
        // A link that the page follows must not tell where it came from.
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override },
      },
    });
  }

  private createDeployer(folder: string, manifest: SiteManifest): PrivilegedFunction {
    return new PrivilegedFunction(this, 'Deployer', {
      bundle: 'deploy-site',
      code: siteCode(folder, manifest),
      description: 'Brings the files of the site into its bucket',
      environment: { BUCKET_NAME: this.bucket.bucketName } satisfies EnvironmentOf<'deploy-site'>,
      timeout: Duration.minutes(5),
      statements: [
        new PolicyStatement({
          actions: ['s3:PutObject', 's3:DeleteObject'],
          resources: [this.bucket.arnForObjects(`${SITE_SEGMENT}/*`)],
        }),
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
      ],
    });
  }

  private deploy({ digest }: SiteManifest): void {
    const files = new CustomResource(this, 'Files', {
      resourceType: 'Custom::EdgepassSite',
      serviceToken: this.deployer.function.functionArn,
      // A function that ended without an answer would be waited for an hour. Lambda tries an event three times, with one and two minutes in between.
      serviceTimeout: Duration.minutes(20),
      // CloudFormation updates what has other properties.
      properties: { Digest: digest },
    });
    // A deletion needs the role's policy as long as there are files.
    files.node.addDependency(this.deployer.role);
  }
}

function contentSecurityPolicy(contentBucket: IBucket): string {
  const directives: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'self'"],
    // The last is the S3 of the local runtime; on AWS it is the viewer's own machine.
    'connect-src': ["'self'", `https://${contentBucket.bucketRegionalDomainName}`, 'http://127.0.0.1:*'],
    'img-src': ["'self'", 'data:', 'blob:'],
    'media-src': ["'self'", 'blob:'],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/** The function's bundle and the files beside it, put together by the CDK's own staging: `site/` has the files, `site.json` says what becomes of them. */
function siteCode(folder: string, manifest: SiteManifest): Code {
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never run: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDir) {
          copyFileSync(join(bundlePath('deploy-site'), 'index.js'), join(outputDir, 'index.js'));
          writeFileSync(join(outputDir, 'site.json'), JSON.stringify(manifest));
          for (const { path } of manifest.objects) {
            const target = join(outputDir, 'site', path);
            mkdirSync(dirname(target), { recursive: true });
            copyFileSync(join(folder, path), target);
          }
          return true;
        },
      },
    },
  });
}
