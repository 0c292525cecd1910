import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { PrivateContent } from 'edgepass/cdk';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { synthesizeApi } from '../api/boot-api';
import { newApp } from '../new-app';
import { temporaryFolder } from '../run-local';
import {
  environmentOf,
  findCycle,
  nameOf,
  ofType,
  privileges,
  type Resources,
  synthesizeContent,
  textOf,
} from './read-template';

/** A folder with these files. */
function folderOf(
  files: Readonly<Record<string, string>>,
  onEnd: (remove: () => void) => void = onTestFinished,
): string {
  const folder = temporaryFolder(onEnd);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const withSite = (files: Readonly<Record<string, string>> = { 'index.html': 'page' }): Resources =>
  synthesizeContent({ site: folderOf(files) });

/** The properties of the resource of that name, hash and construct left out. */
function named(resources: Resources, name: string): Resources[string] {
  const [id] = Object.keys(resources).filter((each) => nameOf(each) === name);
  if (id === undefined) throw new Error(`there is no ${name}`);
  return resources[id] as Resources[string];
}

/** Statements as text, an object a statement. */
const statementsOf = (document: { Statement: Record<string, unknown>[] }): Record<string, unknown>[] =>
  document.Statement.map(({ Resource, ...statement }) => ({
    ...(JSON.parse(JSON.stringify(statement), (_key, value) => (value?.['Fn::Join'] ? textOf(value) : value)) as Record<
      string,
      unknown
    >),
    Resource: [Resource].flat().map((one) => textOf(one)),
  }));

describe('the place of the site', () => {
  const resources = synthesizeContent({ site: folderOf({ 'index.html': 'page' }, afterAll) });

  it('is the distribution’s _app/*, for everybody, from a bucket of its own by origin access control', () => {
    const { CacheBehaviors, Origins } = named(resources, 'Distribution').Properties.DistributionConfig;
    const [behavior] = CacheBehaviors.filter(({ PathPattern }: { PathPattern: string }) => PathPattern === '_app/*');
    const origin = Origins.find(({ Id }: { Id: string }) => Id === behavior.TargetOriginId);
    expect({ ...behavior, ResponseHeadersPolicyId: textOf(behavior.ResponseHeadersPolicyId) }).toEqual({
      PathPattern: '_app/*',
      TargetOriginId: origin.Id,
      AllowedMethods: ['GET', 'HEAD'],
      ViewerProtocolPolicy: 'redirect-to-https',
      // CachingOptimized
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      ResponseHeadersPolicyId: '<SiteResponseHeadersPolicy>',
      Compress: true,
    });
    expect(textOf(origin.DomainName)).toBe('<SiteBucket.RegionalDomainName>');
    expect(textOf(origin.OriginAccessControlId)).toMatch(/^<DistributionOrigin\dS3OriginAccessControl/);
    expect(origin).not.toHaveProperty('OriginPath');
  });

  it('is a bucket that is encrypted, closed to the public, and gone with the stack', () => {
    const { Properties, ...attributes } = named(resources, 'SiteBucket');
    expect(attributes).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(Properties).toEqual({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it('lets this distribution read its objects over TLS, and nobody else', () => {
    expect(statementsOf(named(resources, 'SiteBucketPolicy').Properties.PolicyDocument)).toEqual([
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:*',
        Resource: ['<SiteBucket.Arn>', '<SiteBucket.Arn>/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: ['<SiteBucket.Arn>/*'],
        Condition: { StringEquals: { 'AWS:SourceArn': 'arn::cloudfront:::distribution/<Distribution>' } },
      },
    ]);
  });

  it('gives the function that brings the files exactly what it needs', () => {
    expect(privileges(resources, 'SiteDeployer')).toEqual([
      'logs:CreateLogStream <SiteDeployerLogs.Arn>',
      'logs:PutLogEvents <SiteDeployerLogs.Arn>',
      's3:DeleteObject <SiteBucket.Arn>/_app/*',
      's3:ListBucket <SiteBucket.Arn>',
      's3:PutObject <SiteBucket.Arn>/_app/*',
    ]);
    expect(environmentOf(resources, 'SiteDeployer')).toEqual({ BUCKET_NAME: '<SiteBucket>' });
  });

  it('says in every answer what a browser may do with it', () => {
    const { SecurityHeadersConfig } = named(resources, 'SiteResponseHeadersPolicy').Properties
      .ResponseHeadersPolicyConfig;
    const { ContentSecurityPolicy, ...others } = SecurityHeadersConfig;
    expect(textOf(ContentSecurityPolicy.ContentSecurityPolicy).split('; ')).toEqual([
      "default-src 'self'",
      "connect-src 'self' https://<Bucket.RegionalDomainName> http://127.0.0.1:*",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(ContentSecurityPolicy.Override).toBe(true);
    expect(others).toEqual({
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
    });
  });

  it('adds nothing that depends on itself, and nothing at all where there is no site', () => {
    expect(findCycle(resources)).toEqual([]);
    const without = Object.keys(synthesizeContent());
    expect(without.filter((id) => /Site/.test(id))).toEqual([]);
    const added = Object.keys(resources).filter((id) => !without.includes(id));
    expect(added.map(nameOf).filter((name) => !/^(Site|DistributionOrigin\dS3OriginAccessControl)/.test(name))).toEqual(
      [],
    );
    expect(without.filter((id) => !(id in resources))).toEqual([]);
  });
});

/** What the function carries: the folder of its asset. */
function assetOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  const assembly = synthesizeApi(folder, { site: folderOf(files) });
  const [asset] = readdirSync(assembly).filter((name) => existsSync(join(assembly, name, 'site.json')));
  if (asset === undefined) throw new Error('no asset has a site.json');
  return join(assembly, asset);
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('what the function carries', () => {
  const script = 'console.log(1)';
  const hashed = `assets/app-${digestOf(script).slice(0, 8)}.js`;
  const files = {
    'index.html': 'page',
    'help/index.html': 'help',
    [hashed]: script,
    'assets/app-00000000.js': script,
    'a b/ü.svg': '<svg/>',
    LICENSE: 'text',
  };

  it('is its bundle and the files of the folder, byte for byte', () => {
    const asset = assetOf(files);
    expect(readFileSync(join(asset, 'index.js'), 'utf8')).toBe(
      readFileSync(join(__dirname, '..', '..', 'dist', 'bundles', 'deploy-site', 'index.js'), 'utf8'),
    );
    for (const [path, text] of Object.entries(files))
      expect(readFileSync(join(asset, 'site', path), 'utf8')).toBe(text);
    expect(readdirSync(asset).sort()).toEqual(['index.js', 'site', 'site.json']);
  });

  it('names each object with its type and how long it may be kept: for ever only where its name has its digest', () => {
    const { objects } = JSON.parse(readFileSync(join(assetOf(files), 'site.json'), 'utf8'));
    const rows = objects.map(({ key, path, contentType, cacheControl }: Record<string, string>) => [
      key,
      path,
      contentType,
      cacheControl,
    ]);
    const html = 'text/html; charset=utf-8';
    const js = 'text/javascript; charset=utf-8';
    expect(rows).toEqual([
      ['_app/LICENSE', 'LICENSE', 'application/octet-stream', 'no-cache'],
      ['_app/a b/ü.svg', 'a b/ü.svg', 'image/svg+xml', 'no-cache'],
      ['_app/assets/app-00000000.js', 'assets/app-00000000.js', js, 'no-cache'],
      [`_app/${hashed}`, hashed, js, 'public, max-age=31536000, immutable'],
      ['_app/help/', 'help/index.html', html, 'no-cache'],
      ['_app/help/index.html', 'help/index.html', html, 'no-cache'],
      ['_app/', 'index.html', html, 'no-cache'],
      ['_app/index.html', 'index.html', html, 'no-cache'],
    ]);
  });

  it('and the digest that CloudFormation compares are the same for the same files, and others when a byte changes', () => {
    const digest = (resources: Resources): string => named(resources, 'SiteFiles').Properties.Digest;
    const code = (resources: Resources): string =>
      textOf(named(resources, 'SiteDeployerFunction').Properties.Code.S3Key);
    const [first, again] = [withSite(files), withSite(files)];
    expect([digest(again), code(again)]).toEqual([digest(first), code(first)]);
    const changed = [
      withSite({ ...files, 'index.html': 'pagE' }),
      withSite({ ...files, 'more.txt': '' }),
      withSite({ 'index.html': 'page' }),
    ];
    expect(new Set([first, ...changed].map(digest)).size).toBe(4);
    expect(new Set([first, ...changed].map(code)).size).toBe(4);
  });

  it('depends on the role’s policy, which a deletion needs too', () => {
    const resources = withSite();
    const [roleId] = ofType(resources, 'AWS::IAM::Role')
      .map(([id]) => id)
      .filter((id) => nameOf(id) === 'SiteDeployerRole');
    expect([named(resources, 'SiteFiles').DependsOn].flat()).toContain(roleId);
  });
});

describe('refuses as a site', () => {
  const refusal = (site: string): string => {
    try {
      new PrivateContent(new Stack(newApp(), 'Edgepass'), 'PrivateContent', { site });
    } catch (error) {
      expect(error).toMatchObject({ name: 'PropertyError', code: 'ERR_PROPERTY_INVALID', property: 'site' });
      return (error as Error).message;
    }
    throw new Error('it was taken');
  };

  it('an empty path, a folder that is not there, a file', () => {
    expect(refusal('')).toBe(
      'site is no path: give the path of the folder whose files are served, as it is known at synth',
    );
    const folder = folderOf({ 'index.html': 'page' });
    for (const path of [join(folder, 'none'), join(folder, 'index.html')])
      expect(refusal(path)).toBe(
        `site is ${JSON.stringify(path)}, which is no folder: give the path of the folder whose files are served`,
      );
  });

  it('a folder without a page: empty, or with an index.html further down', () => {
    for (const folder of [folderOf({}), folderOf({ 'dist/index.html': 'page' })])
      expect(refusal(folder)).toBe(
        `site has no index.html in ${JSON.stringify(folder)}, which the distribution shows at /_app/: add one`,
      );
  });

  it('what is more likely forgotten than meant: hidden files, and links to elsewhere', () => {
    expect(refusal(folderOf({ 'index.html': 'page', 'config/.env': 'SECRET=1' }))).toBe(
      'site has config/.env, which begins with a dot: everybody could read it, so remove or rename it',
    );
    const folder = folderOf({ 'index.html': 'page' });
    symlinkSync('/etc', join(folder, 'etc'));
    expect(refusal(folder)).toBe('site has etc, which is no file: put a copy of what it leads to there');
  });

  it('more than a function’s code should carry', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`${at}.txt`, '']));
    expect(refusal(folderOf({ ...many, 'index.html': 'page' }))).toBe(
      'site has 1001 files; a site has at most 1000: leave out what is not served',
    );
    const folder = folderOf({ 'index.html': 'page', 'video.mp4': '' });
    truncateSync(join(folder, 'video.mp4'), 50 * 1024 * 1024);
    expect(refusal(folder)).toBe(
      'site has 52428804 bytes; a site has at most 52428800: put large files into the bucket of the content',
    );
  });

  it('a file whose key S3 would not take', () => {
    const path = `${'a'.repeat(250)}/`.repeat(4) + 'a'.repeat(30);
    expect(refusal(folderOf({ 'index.html': 'page', [path]: '' }))).toBe(
      `site has the file ${path}, whose key has more than 1024 bytes: give it a shorter name`,
    );
  });
});
