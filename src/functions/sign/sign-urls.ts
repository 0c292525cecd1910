import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { SignedLink, SignedLinks, SignUrlsBody } from '../../api/bodies';
import { signUrlsBody } from '../../api/schemas/sign-url';
import { encodeObjectKey } from '../../signing/encoding/encode-object-key';
import type { Signer } from '../../signing/sign/create-signer';
import type { SigningInput } from '../../signing/sign/signable-url';
import { jsonResponse, RequestProblem } from '../http/api-handler';
import { audit, linkId } from '../http/audit';
import { checkKey, requireScope } from '../http/authorize-key';
import { type Caller, callerOf } from '../http/caller';
import { readBody } from '../http/read-request';
import { currentSigner } from './current-signer';
import { distributionUrl } from './distribution-url';
import { downloadQuery } from './download-disposition';
import { type Lifetime, longestGranted, readLifetime } from './lifetime';
import { type NamedFile, requireObjects } from './object-exists';
import { refuseAsProblem } from './signing-refusal';

/** `POST /urls`: a signed URL of the distribution for one object, or for each of many. */
export async function signUrls(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const caller = callerOf(event);
  const body = readBody(event, signUrlsBody);
  const files = namedFiles(body);
  const lifetime = readLifetime(body, longestGranted(scopesOf(files, caller)));
  if (body.mustExist) await requireObjects(files);
  const signer = await currentSigner();
  const links = files.map((file) => signFile(signer, file, lifetime, body.downloadAs));
  const [first = ''] = links;
  const expires = lifetime.expires.toISOString();
  if (body.file === undefined) {
    const linkIds = links.map(linkId);
    audit(event, caller, { action: 'sign', files: files.length, lifetime: lifetime.seconds, linkIds });
    const signedUrls = files.map(({ key }, at) => ({ file: key, signedUrl: links[at] ?? '', expires }));
    return jsonResponse(201, { signedUrls } satisfies SignedLinks);
  }
  audit(event, caller, { action: 'sign', file: body.file, lifetime: lifetime.seconds, linkId: linkId(first) });
  return jsonResponse(201, { signedUrl: first, expires } satisfies SignedLink);
}

function namedFiles({ file, files, downloadAs }: SignUrlsBody): NamedFile[] {
  if (file === undefined && files === undefined) {
    throw new RequestProblem('ERR_MISSING_FILE', 'Send "file", an object key, or "files", a list of them.', 'file');
  }
  if (file !== undefined && files !== undefined) {
    throw new RequestProblem('ERR_CONFLICTING_FIELDS', 'Send "file" or "files", not both.', 'files');
  }
  if (files !== undefined && downloadAs !== undefined) {
    throw new RequestProblem(
      'ERR_CONFLICTING_FIELDS',
      '"downloadAs" goes with "file", not with "files".',
      'downloadAs',
    );
  }
  const named = files?.map((key, at) => ({ key, field: `files[${at}]` })) ?? [{ key: file ?? '', field: 'file' }];
  for (const { key, field } of named) checkKey(key, field);
  return named;
}

const scopesOf = (files: readonly NamedFile[], caller: Caller) =>
  files.map(({ key, field }) => requireScope(caller, 'sign', key, field));

function signFile(signer: Signer, { key, field }: NamedFile, lifetime: Lifetime, downloadAs?: string): string {
  return refuseAsProblem(field, () => {
    const input: SigningInput =
      downloadAs === undefined
        ? { distributionUrl: distributionUrl(), key }
        : `${distributionUrl()}/${encodeObjectKey(key)}?${downloadQuery(downloadAs)}`;
    return signer.signUrl(input, lifetime.policyOptions);
  });
}
